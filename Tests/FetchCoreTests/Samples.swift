@testable import FetchCore

extension ProvenImage {
    static let sample = ProvenImage(
        path: "images/a.png", bytes: 1000, width: 64, height: 64, sha256: "00")
}

extension ImageMark {
    static var sample: ImageMark {
        guard let mark = ImageMark(bytes: 7, sha256: "0123456789abcdef") else { preconditionFailure("no sum") }
        return mark
    }
}

extension JobOutcome {
    static let sampleImage = JobOutcome.downloaded(.sample, url: "https://cdn.example/a.png")
}

extension ManifestEntry {
    static func sample(line: Int, input: [UInt8]? = nil) -> ManifestEntry {
        ManifestEntry(manifest: "jobs.jsonl", line: line, input: input, firstSeen: Timestamp(milliseconds: 0))
    }
}

extension JobID {
    /// A job id made of a small number.
    static func sample(_ number: Int) -> JobID {
        let digits = String(number, radix: 16)
        let tail = String(repeating: "0", count: 12 - digits.count) + digits
        guard let id = JobID("11111111-2222-4333-8444-\(tail)") else { preconditionFailure("not a UUID") }
        return id
    }

    static func samples(_ count: Int) -> [JobID] { (1...count).map(JobID.sample) }
}
