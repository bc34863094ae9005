import Foundation
import Testing

/// A night that a sample of samples/cluster runs, in a directory whose name has to be quoted.
struct ClusterNight {
    static let samples = Programs.repository.appendingPathComponent("samples/cluster")
    static let directory = "the night's work"

    let scratch: Scratch
    let simulator: Simulator
    let environment: [String: String]

    /// The key is in a file, and the pauses are short.
    init(_ simulator: Simulator, environment more: [String: String] = [:]) throws {
        self.simulator = simulator
        scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.path(Self.directory), withIntermediateDirectories: true)
        environment = [
            "PATH": "\(scratch.path("bin")):\(Programs.directory.path):/usr/local/bin:/usr/bin:/bin",
            "PICTORY_API_BASE_URL": simulator.url,
            "PICTORY_FETCH_API_KEY_FILE": try scratch.file("key", Simulator.key + "\n"),
            "PICTORY_FETCH_POLL_INTERVAL": "300ms", "PICTORY_FETCH_MAX_POLL_INTERVAL": "1s",
            "PICTORY_FETCH_MAX_WAIT": "2m",
        ].merging(more) { $1 }
    }

    /// Writes a file of the night.
    func write(_ name: String, _ text: String) throws {
        _ = try scratch.file("\(Self.directory)/\(name)", text)
    }

    func text(_ name: String) throws -> String { try scratch.text("\(Self.directory)/\(name)") }

    /// A file's text, or nothing if there is no such file yet.
    func textIfThere(_ name: String) -> String { (try? text(name)) ?? "" }

    /// Puts a program of this text first in PATH.
    func stub(_ name: String, _ script: String) throws {
        try FileManager.default.createDirectory(atPath: scratch.path("bin"), withIntermediateDirectories: true)
        let path = try scratch.file("bin/\(name)", "#!/bin/sh\n\(script)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// Starts a command of the shell, in the folder above the night's.
    func start(_ command: String, environment more: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram(
            URL(fileURLWithPath: "/bin/sh"), ["-c", command], environment: environment.merging(more) { $1 }, in: scratch
        )
    }

    /// Runs a command of the shell, in the folder above the night's, and waits for its end.
    func shell(_ command: String, environment more: [String: String] = [:]) async throws -> Ended {
        try await start(command, environment: more).end()
    }

    /// What a command prints, without its last newline; the command has to end with 0.
    func output(_ command: String, _ location: SourceLocation = #_sourceLocation) async throws -> String {
        let ended = try await shell(command)
        try #require(ended.status == 0, "\(command)\n\(ended)", sourceLocation: location)
        return String(ended.standardOutput.drop { $0 == "\n" }.reversed().drop { $0 == "\n" }.reversed())
    }

    /// Every image is what its record in this file says, by the word of programs that nobody here wrote, and of our own.
    func expectProven(
        _ results: String, images: String = "images", count: Int, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let ended = try await shell(
            """
            set -e
            cd "\(Self.directory)"
            jq -r 'select(.image) | .image.sha256 + "  " + .image.path' \(results) | sort -u >sums
            sha256sum --check --quiet sums
            cut -c 67- sums | xargs -d '\\n' pngcheck -q
            pictory-fetch verify --deep \(results)
            find "$IMAGES" -type f | wc -l
            wc -l <sums
            """, environment: ["IMAGES": images])
        #expect(ended.status == 0, "\(ended)", sourceLocation: location)
        #expect(ended.standardOutput == "\(count)\n\(count)\n", "\(ended)", sourceLocation: location)
    }

    /// So many ids of jobs in each shard, which begin with those of `immediate` that are finished at once; the others
    /// take 25 seconds of the simulator. The shard is reckoned by another program, from what the contract says of it.
    static func ids(shards: Int, immediate: Int, slow: Int) async throws -> [[String]] {
        var shares = [[String]](repeating: [], count: shards)
        for (code, wanted) in [(1, immediate), (2, slow)] {
            let ids = (0..<shards * 40).map { fixture(code, picture: $0) }
            let script = """
                import hashlib, sys
                for id in sys.argv[2:]:
                    print(int(hashlib.sha256(id.encode()).hexdigest()[:8], 16) % int(sys.argv[1]))
                """
            let ended = try await tool("/usr/bin/python3", ["-c", script, "\(shards)"] + ids, in: try Scratch())
            let numbers = ended.standardOutput.split(separator: "\n").compactMap { Int($0) }
            try #require(numbers.count == ids.count, "\(ended)")
            for shard in 0..<shards {
                let share = zip(ids, numbers).filter { $0.1 == shard }.prefix(wanted).map(\.0)
                try #require(share.count == wanted)
                shares[shard] += share
            }
        }
        return shares
    }
}
