import Foundation
import Testing

/// What the recipes need that is no package of Debian; scripts/setup installs it.
enum RecipeTools {
    private static let directory = Programs.repository.appendingPathComponent(".build/recipe-tools/bin")
    static let path = directory.path

    static var areInstalled: Bool {
        FileManager.default.isExecutableFile(atPath: directory.appendingPathComponent("moto_server").path)
    }
}

/// A monitor that takes a request after every run.
struct PingReceiver {
    private let scratch: Scratch
    private let program: RunningProgram
    let url: String

    init() async throws {
        scratch = try Scratch()
        let script = Programs.repository.appendingPathComponent("Tests/EndToEndTests/Receivers/pings.py").path
        program = try RunningProgram(
            URL(fileURLWithPath: "/usr/bin/python3"), [script], environment: [:], in: scratch)
        try await program.wait { $0.standardOutput.hasSuffix("\n") }
        let port = try #require(program.standardOutput.split(separator: "\n").first, "the receiver did not start")
        url = "http://127.0.0.1:\(port)"
    }

    /// The requests so far.
    var pings: [(path: String, body: String)] {
        program.standardOutput.split(separator: "\n").dropFirst().map { line in
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }
}

/// A server of this machine that speaks S3, as the remote `store` of rclone, with the bucket `pictures`.
struct ObjectStore {
    private let scratch: Scratch
    private let program: RunningProgram
    let environment: [String: String]

    init() async throws {
        scratch = try Scratch()
        let (socket, port) = try Listening.on()
        close(socket)
        program = try RunningProgram(
            URL(fileURLWithPath: "\(RecipeTools.path)/moto_server"), ["-H", "127.0.0.1", "-p", "\(port)"],
            environment: ["PATH": "/usr/bin:/bin"], in: scratch)
        environment = [
            "RCLONE_CONFIG": try scratch.file("rclone.conf", ""), "RCLONE_CONFIG_STORE_TYPE": "s3",
            "RCLONE_CONFIG_STORE_PROVIDER": "Other", "RCLONE_CONFIG_STORE_ACCESS_KEY_ID": "key",
            "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY": "secret",
            "RCLONE_CONFIG_STORE_ENDPOINT": "http://127.0.0.1:\(port)",
        ]
        let ready = try await RunningProgram(
            URL(fileURLWithPath: "/usr/bin/curl"),
            [
                "-sS", "--retry", "50", "--retry-connrefused", "--retry-delay", "1", "-o", "/dev/null",
                "http://127.0.0.1:\(port)/",
            ], environment: [:], in: scratch
        ).end()
        try #require(ready.status == 0, "\(ready)")
        let made = try await rclone(["mkdir", "store:pictures"], in: scratch)
        try #require(made.status == 0, "\(made)")
    }

    /// The names of what lies in the bucket.
    func objects(in scratch: Scratch) async throws -> [String] {
        try await rclone(["lsf", "-R", "--files-only", "store:pictures"], in: scratch).standardOutput
            .split(separator: "\n").map(String.init).sorted()
    }

    private func rclone(_ arguments: [String], in scratch: Scratch) async throws -> Ended {
        try await RunningProgram(
            URL(fileURLWithPath: "/usr/bin/rclone"), arguments, environment: environment, in: scratch
        ).end()
    }
}
