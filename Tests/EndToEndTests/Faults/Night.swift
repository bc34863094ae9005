import Foundation
import Testing

/// A folder and a key of one test's own, and runs of the program in which things go wrong.
///
/// After every run it is checked that what has to hold whatever happens does hold: see ``expectOrder(after:of:records:status:)``.
struct Night: Sendable {
    let scratch: Scratch
    /// The API's url.
    let api: String
    /// Servers that must never see the key.
    let strangers: [FaultServer]
    /// The API, kept for as long as this is.
    private let server: FaultServer?

    /// A key that can be told from everything else.
    static let canary = "pictai_canary_6f1d2c9be0a74385"

    init(api: String, server: FaultServer? = nil, strangers: [FaultServer] = []) throws {
        scratch = try Scratch()
        self.api = api
        self.server = server
        self.strangers = strangers
    }

    /// A night with a server of scripts.
    init(_ server: FaultServer, strangers: [FaultServer] = []) throws {
        try self.init(api: "\(server.url)/pictoryapis", server: server, strangers: strangers)
    }

    var environment: [String: String] { ["PICTORY_API_KEY": Self.canary, "PICTORY_API_BASE_URL": api] }

    /// Few attempts and short waits between them; any of them can be given again.
    static let brief = [
        "--poll-interval", "20ms", "--max-poll-interval", "50ms", "--retries", "2", "--retry-delay", "5ms",
        "--max-retry-delay", "20ms", "--max-wait", "1s", "--verbose",
    ]

    /// Runs the program over these lines, checks the order, and returns the records by line number.
    @discardableResult
    func run(
        _ lines: [String], _ arguments: [String] = [], status: Int32?,
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [Int: Record] {
        let manifest = try scratch.file("\(UUID()).jsonl", lines.map { $0 + "\n" }.joined())
        let ended = try await start(Self.brief + arguments + [manifest]).end()
        let records = try ended.records()
        try await expectOrder(after: ended, lines: lines.count, records: records, status: status, location)
        return Dictionary(records.map { ($0.number, $0) }) { first, _ in first }
    }

    func start(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(
            Programs.url("pictory-fetch"), arguments, environment: environment, in: scratch)
    }

    /// Runs a script of the shell, in which `$fetch` is the program, and returns how the script ended.
    func shell(_ script: String, environment: [String: String]? = nil) async throws -> Ended {
        let file = try scratch.file(
            "\(UUID()).sh",
            "fetch='\(Programs.url("pictory-fetch").path) \(Self.brief.joined(separator: " "))'\n\(script)\n")
        return try await RunningProgram(
            URL(fileURLWithPath: "/bin/sh"), [file], environment: environment ?? self.environment,
            in: scratch
        ).end()
    }

    /// Pipes the records that say `rerun` back in, now that nothing goes wrong any more: all of them are fetched.
    func expectRerunFinishes(
        _ records: some Sequence<Record>, _ arguments: [String] = [], _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let again = records.filter { $0.action == "rerun" }
        let results = try await run(again.map(\.line), arguments, status: 0, location)
        #expect(results.values.allSatisfy { $0.status == "downloaded" }, sourceLocation: location)
        #expect(results.values.allSatisfy { $0.runs == 2 }, sourceLocation: location)
    }
}
