import FetchCore
import JSONBridge

@testable import Manifests

/// A line becomes a job only if it names one, and otherwise a failure of the manifest; its JSON is kept byte for byte.
enum ManifestLineProperties {
    private static let now = Timestamp(milliseconds: 1_772_357_400_250)

    static func check(_ input: [UInt8]) throws(Violation) {
        let line = Self.line(input)
        let item = item(line)
        var plainLines = PlainLineReader()
        if let plain = plainLines.line(line.span)?.item(of: line.span, manifest: "jobs.jsonl", line: 7, now: now) {
            try require(plain == item, "a plain line is read in two ways")
        }
        let root = ReferenceJSON.value(of: line)
        try require(item.entry.manifest == "jobs.jsonl" && item.entry.line == 7, "the line's place was changed")
        try require(item.entry.runs >= 1, "\(item.entry.runs) runs")
        try checkInput(of: item, root, line)
        switch item {
        case .job(let id, _):
            let root = try require(root, "a line that is not JSON became a job")
            try require(Self.ids(in: root).contains(id), "\(id) is not the line's job")
            let isReply = ([root] + Self.inputs(in: root)).contains { $0["data"]?["status"]?.string != nil }
            let isRecord = root["v"] != nil
            try require(!item.entry.isKnownToAPI || isReply || isRecord, "a plain line shows that its job is known")
        case .invalid(_, let failure):
            try checkFailure(failure, root)
        case .settled, .told:
            throw Violation("the parser knows of no earlier run, and believes no reply")
        }
    }

    /// What the parser makes of a line.
    static func item(_ line: [UInt8]) -> ManifestItem {
        ManifestLineParser.item(of: line.span, manifest: "jobs.jsonl", line: 7, now: now)
    }

    /// One line: a manifest is cut at its newlines before any line is looked at.
    static func line(_ input: some Collection<UInt8>) -> [UInt8] {
        input.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    }

    private static func checkInput(of item: ManifestItem, _ root: JSONValue?, _ line: [UInt8]) throws(Violation) {
        guard let input = item.entry.input else {
            // A record may have none to carry on.
            try require(root == nil || root?.string != nil || root?["v"] != nil, "the line's JSON was lost")
            return
        }
        let root = try require(root, "a line that is not JSON is kept as input")
        let value = try require(ReferenceJSON.value(of: input), "the input is not JSON")
        try require(
            input.first.map { !isBlank($0) } == true && input.last.map { !isBlank($0) } == true,
            "there is white space around the input")
        if value == root {
            try require(input == trimmed(line), "the input is not the line, byte for byte")
        } else {
            try require(Self.inputs(in: root).contains(value), "the input is none of the line's")
        }
    }

    private static func checkFailure(_ failure: JobFailure, _ root: JSONValue?) throws(Violation) {
        try require(failure.stage == .manifest, "a line failed at \(failure.stage)")
        try requireSentence(failure.message)
        switch failure.code {
        case .invalidJSON, .invalidJobID, .missingJobID: break
        default: throw Violation("a line failed with \(failure.code)")
        }
        guard let root else {
            try require(failure.code == .invalidJSON, "a line that is not JSON is \(failure.code)")
            return
        }
        try require(root.string.flatMap { JobID($0) } == nil, "a bare job id is refused: \(failure)")
        // With one member nothing can contradict it.
        if let only = root.object.flatMap({ $0.count == 1 ? $0.first : nil }),
            names.contains(only.name), only.value.string.flatMap({ JobID($0) }) != nil
        {
            try require(failure.message.contains("more than once"), "a job is refused: \(failure)")
        }
    }

    private static let names = ["job_id", "jobId", "jobid"]

    /// The ids at all the places where a line may name its job.
    private static func ids(in root: JSONValue) -> [JobID] {
        let texts = [root.string] + [root, root["data"] ?? .null].flatMap { place in names.map { place[$0]?.string } }
        let nested = root["v"] == nil ? [] : root["input"].map(ids) ?? []
        return texts.compactMap { $0.flatMap { JobID($0) } } + nested
    }

    /// The inputs of the records that stand within one another.
    private static func inputs(in root: JSONValue) -> [JSONValue] {
        guard let input = root["input"] else { return [] }
        return [input] + inputs(in: input)
    }

    private static func trimmed(_ line: [UInt8]) -> [UInt8] {
        Array(line.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        " \t\r".utf8.contains(byte)
    }
}
