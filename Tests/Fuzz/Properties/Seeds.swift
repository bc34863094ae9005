import FoundationEssentials

/// Inputs to begin with: the samples that people are shown, and small ones of what has no sample.
enum Seeds {
    private static let samples = URL(filePath: "\(#filePath)/../../../../samples").standardized
    private static let own = URL(filePath: "\(#filePath)/../../Seeds").standardized

    static func inputs(for target: FuzzTarget) throws -> [[UInt8]] {
        switch target {
        case .manifestLine: try lines("jobs.jsonl") + lines("results.jsonl")
        case .journal:
            // Each record twice, the second without its newline.
            try lines("results.jsonl").map { record -> [UInt8] in
                Array("ab".utf8) + record + [UInt8(ascii: "\n")] + record
            }
        case .record: try (lines("jobs.jsonl") + lines("results.jsonl")).map { Array("aaaa000000".utf8) + $0 }
        case .manifestBytes:
            [
                Array("k00\u{FEFF}{}\r\n\n  \n\"a\"\n{\"job_id\":null}".utf8),
                Array(try bytes(samples, "jobs.jsonl").prefix(900)),
            ]
        case .json: try lines("jobs.jsonl") + lines("results.jsonl") + replies().map(\.body)
        case .apiReply: try replies().map { Array("\($0.status)w".utf8) + $0.body } + [longReply]
        case .png:
            try files(own.appending(path: "png")).flatMap { image in
                // As they are, and with the CRCs put right after each mutation.
                [Array("000".utf8) + image, Array("100".utf8) + image]
            }
        case .retryAfter: try bytes(own, "retry-after.txt").split(separator: UInt8(ascii: "\n")).map(retryAfter)
        }
    }

    /// In the file the lines of one input are separated by a bar.
    private static func retryAfter(_ line: ArraySlice<UInt8>) -> [UInt8] {
        line.map { $0 == UInt8(ascii: "|") ? UInt8(ascii: "\n") : $0 }
    }

    /// More text than is kept of any; three times as much is still within the longest input.
    private static let longReply: [UInt8] = {
        let text = String(repeating: "x", count: 1001)
        return Array(#"200-{"data":{"status":"\#(text)","error_code":"\#(text)","error_message":"\#(text)"}}"#.utf8)
    }()

    private struct Reply: Decodable {
        let file: String
        let status: Int
    }

    private static func replies() throws -> [(status: Int, body: [UInt8])] {
        let folder = samples.appending(path: "replies")
        return try bytes(folder, "index.jsonl").split(separator: UInt8(ascii: "\n")).map {
            let reply = try JSONDecoder().decode(Reply.self, from: Data($0))
            return (reply.status, try bytes(folder, reply.file))
        }
    }

    private static func lines(_ file: String) throws -> [[UInt8]] {
        try bytes(samples, file).split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    private static func bytes(_ folder: URL, _ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: file)))
    }

    /// The contents of every file in a folder, in the order of the names.
    static func files(_ folder: URL) throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { try bytes(folder, $0) }
    }
}
