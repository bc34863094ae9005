import FetchCore

/// Jobs and records as a night has them.
enum Material {
    static let now = Timestamp(milliseconds: 1_772_357_400_250)

    /// A job id that follows from a small number, as random as a UUID is.
    static func id(_ number: Int) -> JobID {
        // SplitMix64, one step for each half.
        func mixed(_ seed: UInt64) -> UInt64 {
            var bits = seed &* 0x9E37_79B9_7F4A_7C15
            bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
            return bits ^ bits >> 31
        }
        let number = UInt64(truncatingIfNeeded: number)
        let digits = hex(mixed(2 * number + 1)) + hex(mixed(2 * number + 2))
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
        guard let id = JobID(groups.joined(separator: "-")) else { preconditionFailure("32 digits are an id") }
        return id
    }

    static func entry(line: Int, input: [UInt8]? = nil) -> ManifestEntry {
        ManifestEntry(manifest: "/var/spool/pictory/jobs.jsonl", line: line, input: input, firstSeen: now)
    }

    static func image(of id: JobID) -> ProvenImage {
        ProvenImage(
            path: "/var/spool/pictory/images/\(id).png", bytes: 1_153_880, width: 1152, height: 896,
            sha256: "49bbc6a48c3c6a3e3511105d1d7d9f609359ffd85b9821001f648ffdd11673aa")
    }

    static func url(of id: JobID) -> String {
        "https://d3uryq9bhgb5qr.cloudfront.net/images/cf9749fd-66b4-41e8-817f-3eee00000001/\(id).png"
    }

    static func record(_ number: Int) -> JobRecord {
        let id = id(number)
        return JobRecord(
            entry: entry(line: number, input: Array(#"{"job_id":"\#(id)","customer":\#(number)}"#.utf8)), jobID: id,
            outcome: .downloaded(image(of: id), url: url(of: id)), creditsUsed: "4", polls: 2, downloads: 1,
            elapsed: .milliseconds(12_081), waited: .milliseconds(11_870), downloadTime: .milliseconds(182))
    }

    private static func hex(_ bits: UInt64) -> [UInt8] {
        let digits = Array(String(bits, radix: 16).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: 16 - digits.count) + digits
    }
}
