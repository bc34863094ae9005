import Foundation
import Testing

extension EndToEnd {
    /// The whole job over TLS, with a server that nobody here wrote; and certificates that are not to be trusted.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: WebServer.isInstalled, "nginx is not installed")) struct TLSTests {
        @Test(arguments: [("HTTP/2.0", []), ("HTTP/1.1", ["--http1.1"])] as [(String, [String])])
        func wholeJobGoesOverTLS(version: String, flag: [String]) async throws {
            let server = try await WebServer(certificate: "good")
            let night = try Night(api: server.api)
            let records = try await night.run(
                server.ids.map(line), ["--ca-file", server.authority, "-j", "4"] + flag, status: 0)
            #expect(records.values.allSatisfy { $0.status == "downloaded" && $0.polls == 1 && $0.downloads == 1 })
            let log = try server.log()
            #expect(log.count { $0.contains(Night.canary) } == server.ids.count)
            #expect(log.allSatisfy { $0.contains("/pictoryapis/") == $0.contains(Night.canary) }, "\(log)")
            // HTTP/2 is for the API.
            for request in log {
                #expect(request.hasPrefix(request.contains("/pictoryapis/") ? version : "HTTP/1.1"), "\(request)")
            }
        }

        @Test(arguments: ["unknown", "othername", "expired"])
        func certificateThatIsNotToBeTrustedIsNotTriedAgain(certificate: String) async throws {
            let server = try await WebServer(certificate: certificate)
            let night = try Night(api: server.api)
            let records = try await night.run(
                server.ids.map(line), certificate == "unknown" ? [] : ["--ca-file", server.authority], status: 1)
            #expect(records.count == server.ids.count)
            for record in records.values {
                #expect(record.code == "tls_failed" && record.action == "fix" && record.polls == 1, "\(record.line)")
            }
            #expect(try server.log() == [])
        }

        @Test func checkTellsBeforeTheNightWhetherTheServerIsTrusted() async throws {
            for (certificate, isTrusted, status) in [("good", true, 0), ("good", false, 78), ("expired", true, 78)]
                as [(String, Bool, Int32)]
            {
                let server = try await WebServer(certificate: certificate)
                let night = try Night(api: server.api)
                let manifest = try night.scratch.file("jobs.jsonl", server.ids.map(line).joined(separator: "\n"))
                let trust = isTrusted ? ["--ca-file", server.authority] : []
                let ended = try await night.start(["check", "--online", manifest] + trust).end()
                #expect(ended.status == status, "\(ended)")
                #expect(ended.standardError.contains("TLS") == (status != 0), "\(ended)")
                #expect(try server.log().count == (status == 0 ? 1 : 0))
            }
        }

        @Test func redirectDownToPlainHTTPIsNotFollowed() async throws {
            let plain = try FaultServer { exchange in exchange.good }
            let server = try await WebServer(certificate: "good", downgrade: plain.url)
            let night = try Night(api: server.api, strangers: [plain])
            let records = try await night.run(server.ids.map(line), ["--ca-file", server.authority], status: 75)
            #expect(records.values.allSatisfy { $0.code == "http_error" || $0.code == "url_rejected" }, "\(records)")
            #expect(plain.heads == [])
        }

        @Test func silentHandshakeIsBounded() async throws {
            let server = try FaultServer { _ in [.hold] }
            let night = try Night(api: "\(server.url.replacingOccurrences(of: "http:", with: "https:"))/pictoryapis")
            let records = try await night.run([line(faultID(0))], ["--connect-timeout", "500ms"], status: nil)
            let code = records[1]?.code ?? ""
            #expect(["tls_failed", "timeout", "connection_failed"].contains(code), "\(records)")
        }
    }
}

/// An nginx of one test's own, over TLS and HTTP/2, with finished jobs and their images as plain files.
private final class WebServer: Sendable {
    static let isInstalled = access("/usr/sbin/nginx", X_OK) == 0

    let api: String
    let ids = (0..<8).map(faultID)
    /// The certificate of the authority that signed the server's.
    var authority: String { scratch.path("authority.pem") }
    private let scratch: Scratch
    private let program: RunningProgram

    /// - Parameters:
    ///   - certificate: `good`, `unknown`, `othername` or `expired`.
    ///   - downgrade: where every request is redirected, if anywhere.
    init(certificate: String, downgrade: String? = nil) async throws {
        scratch = try Scratch()
        let port = try Listening.freePort()
        api = "https://127.0.0.1:\(port)/pictoryapis"
        try Self.fill(scratch, ids: ids, url: "https://127.0.0.1:\(port)")
        try await Self.makeCertificates(
            in: scratch, name: certificate == "othername" ? "DNS:other.example" : "IP:127.0.0.1",
            from: certificate == "expired" ? "20200101000000Z" : "20240101000000Z",
            to: certificate == "expired" ? "20200201000000Z" : "20991231235959Z")
        let configuration = try scratch.file(
            "nginx.conf", Self.configuration(scratch, port: port, downgrade: downgrade))
        program = try RunningProgram(
            URL(fileURLWithPath: "/usr/sbin/nginx"), ["-p", scratch.url.path, "-c", configuration, "-e", "stderr"],
            environment: [:], in: scratch)
        let log = scratch.path("nginx.pid")
        try await program.wait { _ in FileManager.default.contents(atPath: log)?.isEmpty == false }
        try #require(FileManager.default.contents(atPath: log)?.isEmpty == false, "\(program.standardError)")
    }

    deinit { program.signal(SIGTERM) }

    /// One line for each request, with its `Authorization`.
    func log() throws -> [String] {
        try String(contentsOfFile: scratch.path("access.log"), encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func fill(_ scratch: Scratch, ids: [String], url: String) throws {
        let jobs = scratch.url.appendingPathComponent("www/pictoryapis/v1/jobs")
        let images = scratch.url.appendingPathComponent("www/images")
        for folder in [jobs, images] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        for id in ids {
            let reply =
                #"{"job_id":"\#(id)","success":true,"data":{"status":"completed","url":"\#(url)/images/\#(id).png"}}"#
            try Data(reply.utf8).write(to: jobs.appendingPathComponent(id))
            try Data(Picture.bytes).write(to: images.appendingPathComponent("\(id).png"))
        }
    }

    private static func makeCertificates(in scratch: Scratch, name: String, from: String, to: String) async throws {
        _ = try scratch.file(
            "ca.cnf",
            """
            [ca]
            default_ca = a
            [a]
            database = index
            serial = serial
            new_certs_dir = .
            policy = p
            default_md = sha256
            x509_extensions = e
            [p]
            commonName = supplied
            [e]
            subjectAltName = \(name)
            """)
        let script = try scratch.file(
            "certificates.sh",
            """
            set -e; umask 022; : >index; echo 01 >serial
            key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
            openssl req -x509 $key -keyout ca.key -out authority.pem -subj /CN=Test-Authority -days 36500
            openssl req $key -keyout server.key -out server.csr -subj /CN=server
            openssl ca -batch -notext -config ca.cnf -cert authority.pem -keyfile ca.key -in server.csr \
                -out server.pem -startdate \(from) -enddate \(to)
            """)
        let made = try await RunningProgram(
            URL(fileURLWithPath: "/bin/sh"), [script],
            environment: ["PATH": "/usr/bin:/bin", "HOME": scratch.url.path], in: scratch
        ).end()
        try #require(made.status == 0, "\(made)")
    }

    private static func configuration(_ scratch: Scratch, port: UInt16, downgrade: String?) -> String {
        let folder = scratch.url.path
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
        return """
            daemon off; master_process off; pid \(folder)/nginx.pid; \(geteuid() == 0 ? "user root;" : "")
            events {}
            http {
                log_format asked '$server_protocol $request_uri $http_authorization';
                access_log \(folder)/access.log asked;
                \(temporary.joined(separator: " "))
                server {
                    listen 127.0.0.1:\(port) ssl http2;
                    ssl_certificate \(folder)/server.pem;
                    ssl_certificate_key \(folder)/server.key;
                    root \(folder)/www;
                    location /pictoryapis/ { default_type application/json; \(downgrade.map { "return 301 \($0)$request_uri;" } ?? "") }
                    location /images/ { default_type image/png; }
                }
            }
            """
    }
}
