import Foundation
import Testing

/// Four images and their records in results.jsonl, and what `verify` says of them.
protocol VerifiesImages {
    var fetch: Fetch { get }
}

extension VerifiesImages {
    private static var ids: [String] { (0..<4).map { fixture(1, picture: $0) } }
    var ids: [String] { Self.ids }

    static func fourImages() async throws -> Fetch {
        let fetch = try Fetch(try await Simulator(scenario: "calm"))
        let ended = try await fetch.run(ids.map(line) + ["nonsense"], ["-r", "results.jsonl"])
        try #require(ended.status == 1, "\(ended)")
        return fetch
    }

    func verify(_ arguments: [String] = ["results.jsonl"], input: FileHandle? = nil) async throws -> Ended {
        // Neither a key nor a setting is needed.
        try await fetch.start(["verify"] + arguments, input: input ?? .nullDevice, environment: [:]).end()
    }

    /// The image of which a fault is made.
    var image: String { fetch.scratch.path("images/\(ids[1]).png") }

    func results() throws -> [String] {
        try String(contentsOfFile: fetch.scratch.path("results.jsonl"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// The faults that are told, one a line.
    func told(_ ended: Ended) throws -> [Record] {
        #expect(ended.standardOutput.isEmpty || ended.standardOutput.hasSuffix("\n"), "\(ended)")
        return try ended.standardOutput.split(separator: "\n").map { try Record(String($0)) }
    }

    /// The one fault that is told, after a check of all that is told with it.
    func onlyFault(
        _ ended: Ended, path: String? = nil, _ location: SourceLocation = #_sourceLocation
    ) throws -> String {
        #expect(ended.status == 1, "\(ended)", sourceLocation: location)
        let told = try self.told(ended)
        try #require(told.count == 1, "\(ended)", sourceLocation: location)
        #expect(told[0].names == ["job_id", "path", "line", "results", "fault", "message"])
        #expect(told[0].jobID == ids[1], sourceLocation: location)
        #expect(told[0].text("path") == path ?? "images/\(ids[1]).png", sourceLocation: location)
        #expect(told[0].text("results") == "results.jsonl", sourceLocation: location)
        let position = try results().lastIndex { $0.contains("\"job_id\":\"\(ids[1])\"") }
        #expect(told[0].number == (position ?? -1) + 1, sourceLocation: location)
        #expect(told[0].text("message")?.hasSuffix(".") == true, sourceLocation: location)
        #expect(
            ended.standardError.contains("4 images verified, 1 wrong"), "\(ended)", sourceLocation: location)
        return told[0].text("fault") ?? ""
    }
}
