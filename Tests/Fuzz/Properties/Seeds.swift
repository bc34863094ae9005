import FoundationEssentials

/// Inputs to begin with: the samples that people are shown, and small ones of what has no sample.
enum Seeds {
    private static let samples = URL(filePath: "\(#filePath)/../../../../samples").standardized
    private static let own = URL(filePath: "\(#filePath)/../../Seeds").standardized

    static func inputs(for target: FuzzTarget) throws -> [[UInt8]] {
        switch target {
        case .manifestLine: try lines("jobs.jsonl") + lines("results.jsonl") + oddLines
        case .names: try names()
        case .journal:
            // Each record twice, the second without its newline.
            try (lines("results.jsonl") + oddLines).map { record -> [UInt8] in
                Array("ab".utf8) + record + [UInt8(ascii: "\n")] + record
            }
        case .record:
            try (lines("jobs.jsonl") + lines("results.jsonl") + oddLines).map { Array("aaaa000000".utf8) + $0 }
        case .manifestBytes:
            [
                Array("k00\u{FEFF}{}\r\n\n  \n\u{FEFF}\"a\"\n{\"job_id\":null}".utf8),
                Array(try bytes(samples, "jobs.jsonl").prefix(900)),
            ]
        case .json: try jsonTexts()
        case .apiReply: try apiReplies()
        case .png:
            try files(own.appending(path: "png")).flatMap { image -> [[UInt8]] in
                // As they are, with the CRCs put right after each mutation, with more after the end, and with a palette.
                let withPalette: [UInt8] = image.prefix(33) + palette + image.dropFirst(33)
                return [
                    Array("000".utf8) + image, Array("100".utf8) + image, Array("000".utf8) + image + [0],
                    Array("100".utf8) + withPalette,
                ]
            }
        case .replies: try bytes(own, "replies.txt").split(separator: UInt8(ascii: "\n")).flatMap(replies)
        case .retryAfter: try bytes(own, "retry-after.txt").split(separator: UInt8(ascii: "\n")).map(retryAfter)
        case .urls: try bytes(own, "urls.txt").split(separator: UInt8(ascii: "\n")).map(urls)
        }
    }

    /// Each template with each line; in the file a template is a line.
    private static func names() throws -> [[UInt8]] {
        let lines =
            try lines("jobs.jsonl").prefix(3) + oddLines
            + bytes(own, "names-lines.jsonl")
            .split(separator: UInt8(ascii: "\n")).map(Array.init)
        return try bytes(own, "names.txt").split(separator: UInt8(ascii: "\n")).flatMap { template in
            lines.map { template + [UInt8(ascii: "\n")] + $0 }
        }
    }

    /// Whole, and cut; in the file a bar is the end of a line.
    private static func replies(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
        let reply = line.flatMap { $0 == UInt8(ascii: "|") ? Array("\r\n".utf8) : [$0] }
        return "a\u{80}\u{81}".unicodeScalars.map { [UInt8(truncatingIfNeeded: $0.value)] + reply }
    }

    /// In the file the lines of one input are separated by a bar.
    private static func retryAfter(_ line: ArraySlice<UInt8>) -> [UInt8] {
        line.map { $0 == UInt8(ascii: "|") ? UInt8(ascii: "\n") : $0 }
    }

    /// In the file the texts of one input are separated by a tab.
    private static func urls(_ line: ArraySlice<UInt8>) -> [UInt8] {
        line.map { $0 == UInt8(ascii: "\t") ? 255 : $0 }
    }

    /// More text than is kept of any; three times as much is still within the longest input.
    private static let longReply: [UInt8] = {
        let text = String(repeating: "x", count: 1001)
        return Array(#"200-{"data":{"status":"\#(text)","error_code":"\#(text)","error_message":"\#(text)"}}"#.utf8)
    }()

    /// Lines with what is their user's own business.
    private static let oddLines: [[UInt8]] = {
        let fields = #""job_id":"4d82d040-4394-4371-867d-72ae1dd62b6d","prompt":"a cat \ud83d","\ude00":[1e999,-0]"#
        let record = #""v":1,"status":"pending","manifest":"-","line":1,"retry":{"action":"rerun"},"runs":1,"#
        let moments = #""first_seen":"2026-03-01T09:30:00.250Z","finished_at":"2026-03-01T09:30:00.250Z","#
        return [
            Array("{\(fields)}".utf8),
            Array(#"{\#(record)\#(moments)"error":{"stage":"download"},\#(fields),"input":{\#(fields)}}"#.utf8),
            Array(#"{\#(fields),"data":{"status":"In_Progress"}}"#.utf8),
        ]
    }()

    /// Replies that are read loosely.
    private static let oddReplies: [[UInt8]] = {
        let start = Array(#"{"job_id":"4d82d040-4394-4371-867d-72ae1dd62b6d","data":{"prompt":"caf"#.utf8)
        let end = Array(#"\udc00","x":1e999,"status":"completed","url":"https://h/a.png"}}"#.utf8)
        return [
            start + [0xE9] + end, [0xEF, 0xBB, 0xBF] + start + end, start + end.dropLast(8) + [0xFF] + end.suffix(8),
        ]
    }()

    /// PLTE with one entry, and no CRC yet.
    private static let palette: [UInt8] = [0, 0, 0, 3] + Array("PLTE".utf8) + [1, 2, 3, 0, 0, 0, 0]

    private static func apiReplies() throws -> [[UInt8]] {
        var inputs = [longReply]
        for reply in try replies() { inputs.append(Array("\(reply.status)w".utf8) + reply.body) }
        for body in oddReplies { inputs.append(Array("200-".utf8) + body) }
        return inputs
    }

    private static func jsonTexts() throws -> [[UInt8]] {
        var inputs: [[UInt8]] = try lines("jobs.jsonl") + lines("results.jsonl")
        for reply in try replies() { inputs.append(reply.body) }
        return inputs + oddLines + oddReplies
    }

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
