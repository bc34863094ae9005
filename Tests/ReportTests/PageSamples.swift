import Files
import FetchCore
import JSONBridge
import Records
import TestSupport

@testable import Report

/// Records of a night, each as a line that its test can spell as it likes.
enum PageSample {
    static let start = Timestamp(milliseconds: 1_772_357_400_000)

    static func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "0b7e6f6c-52e0-4a51-9d3c-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    private static func line(
        _ number: Int, _ status: String, manifest: String, at seconds: Int,
        _ members: [(name: String, value: JSONOutput)],
        input: JSONOutput?
    ) -> String {
        let head: [(name: String, value: JSONOutput)] = [
            ("v", .integer(1)), ("job_id", status == "invalid" ? .null : .string(id(number))),
            ("status", .string(status)),
            ("manifest", .string(manifest)), ("line", .integer(number)),
        ]
        let moment = (start + .seconds(seconds)).rfc3339
        let tail: [(name: String, value: JSONOutput)] = [
            ("first_seen", .string(start.rfc3339)), ("finished_at", .string(moment)), ("elapsed_ms", .integer(1500)),
            ("runs", .integer(1)),
        ]
        let object = head + members + tail + (input.map { [(name: "input", value: $0)] } ?? [])
        return String(decoding: JSONOutput.object(object).encoded(), as: UTF8.self)
    }

    static func downloaded(
        _ number: Int, manifest: String = "jobs.jsonl", path: String? = nil, at seconds: Int? = nil,
        input: JSONOutput? = nil
    ) -> String {
        line(
            number, "downloaded", manifest: manifest, at: seconds ?? number,
            [
                (
                    "image",
                    .object([
                        ("path", .string(path ?? "images/\(id(number)).png")), ("bytes", .integer(700_000)),
                        ("width", .integer(1024)), ("height", .integer(1024)), ("sha256", .string("ab")),
                        ("url", .string("https://host/a.png")),
                    ])
                ), ("polls", .integer(2)), ("downloads", .integer(1)), ("waited_ms", .integer(1000 * number)),
                ("download_ms", .integer(100)),
            ], input: input)
    }

    static func failed(
        _ number: Int, _ status: String = "failed", code: String = "timeout", action: String = "rerun",
        reason: String = "It usually passes.", message: String = "It took too long.", manifest: String = "jobs.jsonl",
        at seconds: Int? = nil, input: JSONOutput? = nil
    ) -> String {
        line(
            number, status, manifest: manifest, at: seconds ?? number,
            [
                (
                    "error",
                    .object([("stage", .string("poll")), ("code", .string(code)), ("message", .string(message))])
                ), ("retry", .object([("action", .string(action)), ("reason", .string(reason))])),
                ("polls", .integer(4)), ("downloads", .integer(0)),
            ], input: input)
    }
}

/// Makes pages of results in a folder of its own.
struct PageMaker {
    private let folder: TemporaryFolder
    var title: String?
    var history: [PastSummary] = []
    var place = PagePlace(directory: "/srv", workingDirectory: "/srv")
    var notices: [String] = []
    var limits = RecordSelection.Limits()
    /// The command is that of a run that does all.
    var doesAll = false

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The page of these lines.
    func page(of lines: [String]) throws -> String {
        let results = try folder.write(lines.map { $0 + "\n" }.joined(), to: "results.jsonl")
        var merge = ResultsMerge(
            of: [results], temporaryDirectory: folder.path, words: Sample.words, tell: { _ in })
        merge.read()
        var output = try MergedOutput(folder("page.html"), noun: "the page", replacing: true)
        let request = PageRequest(
            title: title, history: history, place: place, notices: notices, width: 2,
            rerun: { [doesAll] facts, file in
                PageRequest.Rerun(
                    command: "pictory-fetch \(facts.manifests?.map(\.text).joined(separator: " ") ?? "?") # \(file)",
                    hint: "Go on.", doesAll: doesAll)
            })
        try ReportPage.write(&merge, as: request, limits: limits, to: &output)
        try output.finish(durability: .none)
        return try folder.text("page.html")
    }
}
