import Foundation
import Testing

/// A simulator of one test's own, on a port of its own.
final class Simulator: Sendable {
    let url: String
    private let program: RunningProgram
    private let scratch: Scratch

    /// The key that the simulator takes.
    static let key = "pictai_simulator"

    init(scenario: String = "evening", timeScale: Int = 100, images: String = "64x64") async throws {
        scratch = try Scratch()
        program = try RunningProgram(
            Programs.url("pictory-simulator"),
            ["serve", "--scenario", scenario, "--time-scale", "\(timeScale)", "--images", images],
            environment: [:], in: scratch)
        try await program.wait { $0.standardOutput.hasSuffix("\n") }
        let line = try #require(program.standardOutput.split(separator: "\n").first, "the simulator did not start")
        let ready = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
        url = try #require(ready?["base_url"])
    }

    /// The environment that a run against this simulator needs, and nothing else.
    var environment: [String: String] {
        ["PICTORY_API_KEY": Self.key, "PICTORY_API_BASE_URL": url]
    }

    /// What the simulator counted.
    func statistics() async throws -> Statistics {
        let address = url.replacingOccurrences(of: "/pictoryapis", with: "/simulator/stats")
        let ended = try await RunningProgram(
            URL(fileURLWithPath: "/usr/bin/curl"), ["-sS", "--fail", address], environment: [:],
            in: scratch
        ).end()
        try #require(ended.status == 0, "\(ended)")
        return try JSONDecoder().decode(Statistics.self, from: Data(ended.standardOutput.utf8))
    }
}

/// A run of the program against a simulator.
struct Fetch {
    let scratch: Scratch
    let simulator: Simulator
    /// Short waits, for a simulator whose time runs fast; any of them can be given again.
    static let fast = [
        "--poll-interval", "100ms", "--max-poll-interval", "300ms", "--retry-delay", "20ms", "--max-retry-delay",
        "100ms", "--max-wait", "3s",
    ]

    init(_ simulator: Simulator) throws {
        scratch = try Scratch()
        self.simulator = simulator
    }

    /// Starts the program; standard input is the file, or nothing.
    func start(
        _ arguments: [String], input: FileHandle? = nil, environment: [String: String]? = nil
    ) throws -> RunningProgram {
        try RunningProgram(
            Programs.url("pictory-fetch"), arguments, environment: environment ?? simulator.environment, input: input,
            in: scratch)
    }

    /// Runs the program over a manifest of these lines and waits for its end.
    func run(_ lines: [String], _ arguments: [String] = []) async throws -> Ended {
        let manifest = try scratch.file("jobs.jsonl", lines.map { $0 + "\n" }.joined())
        return try await start(Self.fast + arguments + [manifest]).end()
    }

    /// Runs the program with these arguments alone.
    func run(arguments: [String], environment: [String: String]? = nil) async throws -> Ended {
        try await start(arguments, environment: environment).end()
    }
}

/// Ids whose outcome can be demanded of the simulator.
func fixture(_ number: Int, picture: Int = 0) -> String {
    let tail = String(number, radix: 16)
    let middle = String(picture, radix: 16)
    return "00000000-0000-4000-8000-"
        + String(repeating: "0", count: 10 - middle.count) + middle + String(repeating: "0", count: 2 - tail.count)
        + tail
}

func line(_ id: String) -> String { "{\"job_id\":\"\(id)\"}" }
