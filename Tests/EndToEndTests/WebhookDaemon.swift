import Foundation
import Testing

/// Debian's webhook daemon with the hook of samples/webhook, whose lines go to `srv/incoming` of a folder of its own.
struct WebhookDaemon {
    static let samples = Programs.repository.appendingPathComponent("samples")
    static let token = "6f1d2c9be0a743857c1e"

    static func sample(_ name: String) throws -> String {
        try String(contentsOf: samples.appendingPathComponent(name), encoding: .utf8)
    }

    let scratch: Scratch
    let port: UInt16
    let program: RunningProgram

    var url: String { "http://127.0.0.1:\(port)/hooks/\(Self.token)" }

    init() async throws {
        scratch = try Scratch()
        let (socket, port) = try Listening.on()
        self.port = port
        close(socket)
        for folder in ["srv/incoming", "run"] {
            try FileManager.default.createDirectory(
                atPath: scratch.path(folder), withIntermediateDirectories: true)
        }
        let hooks = try Self.sample("webhook/hooks.json")
            .replacingOccurrences(of: "TOKEN", with: Self.token)
            .replacingOccurrences(
                of: "/usr/local/bin/pictory-webhook-keep",
                with: Self.samples.appendingPathComponent("webhook/keep").path
            )
            .replacingOccurrences(of: "/run/pictory-webhook", with: scratch.path("run"))
            .replacingOccurrences(of: "/var/lib/pictory-fetch/incoming", with: scratch.path("srv/incoming"))
        program = try RunningProgram(
            URL(fileURLWithPath: "/usr/bin/webhook"),
            ["-hooks", scratch.file("hooks.json", hooks), "-ip", "127.0.0.1", "-port", "\(port)"],
            environment: ["PATH": "/usr/bin:/bin"], in: scratch)
        let ready = try await shell(
            "curl -sS --retry 50 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:\(port)/")
        try #require(ready.status == 0, "\(ready)")
    }

    func shell(_ script: String, environment: [String: String] = [:]) async throws -> Ended {
        let path = "\(Programs.directory.path):/usr/bin:/bin"
        return try await RunningProgram(
            URL(fileURLWithPath: "/bin/bash"), ["-c", script],
            environment: environment.merging(["PATH": path, "url": url]) { $1 }, in: scratch
        ).end()
    }

    /// Posts each file of a folder, so many at once, and returns the answers' statuses by the files' names.
    func post(_ folder: String, atOnce count: Int) async throws -> [String: String] {
        let ended = try await shell(
            """
            ls \(folder) | xargs -P \(count) -I{} curl -sS --max-time 120 -o /dev/null -w '{} %{http_code}\\n' \
            -H 'Content-Type: application/json' --data-binary '@\(folder)/{}' "$url"
            """)
        try #require(ended.status == 0, "\(ended)")
        let answers = ended.standardOutput.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        return Dictionary(answers.map { ($0[0], $0[1]) }) { first, _ in first }
    }

    /// The texts of the files in `incoming`.
    func kept() throws -> [String] {
        try scratch.files(in: "srv/incoming").map { try scratch.text("srv/incoming/\($0)") }
    }
}
