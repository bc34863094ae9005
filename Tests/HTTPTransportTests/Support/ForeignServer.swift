import Foundation
import NIOCore
import NIOPosix
import Testing

/// A server of HTTP/2 that nobody here wrote, with files of one test's own, for one test.
enum ForeignServer {
    static let nginx = "/usr/sbin/nginx"
    static let nghttpd = "/usr/sbin/nghttpd"

    static func isInstalled(_ program: String) -> Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// Lends nginx; `body` gets its port and its log, one line a request with the number of the connection.
    ///
    /// - Parameter settings: further lines of the server's configuration.
    static func withNginx(
        _ certificate: ThrowawayCertificate, settings: String = "", files: [String: Data],
        _ body: (_ port: Int, _ log: URL) async throws -> Void
    ) async throws {
        try await withFolder(files) { folder, port in
            let path = folder.path
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
                "\($0)_temp_path \(path)/\($0);"
            }
            let configuration = folder.appendingPathComponent("nginx.conf")
            try Data(
                """
                daemon off; master_process off; pid \(path)/nginx.pid; \(geteuid() == 0 ? "user root;" : "")
                events {}
                http {
                    log_format asked '$server_protocol $connection';
                    access_log \(path)/access.log asked;
                    \(temporary.joined(separator: " "))
                    server {
                        listen 127.0.0.1:\(port) ssl http2;
                        ssl_certificate \(certificate.certificateFile);
                        ssl_certificate_key \(certificate.keyFile);
                        root \(path)/www;
                        \(settings)
                    }
                }
                """.utf8
            ).write(to: configuration)
            try await run(nginx, ["-p", path, "-c", configuration.path, "-e", "\(path)/error.log"], port) {
                try await body(port, folder.appendingPathComponent("access.log"))
            }
        }
    }

    /// Lends nghttpd; `body` gets its port.
    static func withNghttpd(
        _ certificate: ThrowawayCertificate, options: [String], files: [String: Data],
        _ body: (Int) async throws -> Void
    ) async throws {
        try await withFolder(files) { folder, port in
            let arguments =
                options + ["-a", "127.0.0.1", "-d", folder.appendingPathComponent("www").path, "\(port)"]
                + [certificate.keyFile, certificate.certificateFile]
            try await run(nghttpd, arguments, port) { try await body(port) }
        }
    }

    private static func withFolder(_ files: [String: Data], _ body: (URL, Int) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }  // left-overs harm nobody
        for (name, data) in files {
            let file = folder.appendingPathComponent("www/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        }
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await listener.close()
        try await body(folder, port)
    }

    private static func run(
        _ program: String, _ arguments: [String], _ port: Int, _ body: () async throws -> Void
    ) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            // A program that is started here inherits that signals are blocked, and so SIGTERM would not end it.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let client = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        // Until it listens.
        while (try? await client.connect(host: "127.0.0.1", port: port).get().close()) == nil {
            try #require(process.isRunning, "\(program) has ended")
            try await Task.sleep(for: .milliseconds(10))
        }
        try await body()
    }
}
