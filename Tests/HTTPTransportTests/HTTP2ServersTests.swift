import Foundation
import Testing

@testable import HTTPTransport

@Suite(
    "HTTP/2 with servers that others wrote",
    .enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: HTTP/2 was NOT tested"), .timeLimit(.minutes(2)))
struct HTTP2ServersTests {
    private static let large = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })

    private static func files(_ count: Int) -> [String: Data] {
        var files = ["large": large]
        for number in 0..<count { files["base/\(number)"] = Data("{}".utf8) }
        return files
    }

    /// Runs a transport that offers HTTP/2 everywhere.
    private func withTransport(
        _ port: Int, _ certificate: ThrowawayCertificate, _ body: (HTTPTransport) async throws -> Void
    ) async throws {
        var configuration = Wire.configuration(
            api: "https://127.0.0.1:\(port)/base", maxImageBytes: Self.large.count, caFile: certificate.certificateFile)
        configuration.http2 = .everywhere
        try await HTTPTransport.withTransport(configuration, body)
    }

    @Test(.enabled(if: ForeignServer.isInstalled(ForeignServer.nginx), "nginx is not installed"))
    func nginxServesManyRequestsOverFewConnections() async throws {
        try await ThrowawayCertificate.withCertificate(for: "IP:127.0.0.1") { certificate in
            // It refuses more at once than it permits, and says farewell to each connection again and again.
            let settings = "http2_max_concurrent_streams 16; keepalive_requests 50;"
            try await ForeignServer.withNginx(certificate, settings: settings, files: Self.files(100)) { port, log in
                try await withTransport(port, certificate) { transport in
                    for _ in 0..<3 { #expect(await transport.get(100) == Array(repeating: 200, count: 100)) }
                    let image = await transport.download("https://127.0.0.1:\(port)/large").value
                    #expect(image.map { Data($0) } == Self.large)
                }
                let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
                #expect(lines.allSatisfy { $0.hasPrefix("HTTP/2.0 ") })
                #expect(lines.count >= 301)
                #expect((6...100).contains(Set(lines).count), "\(Set(lines).count) connections")
            }
        }
    }

    @Test(.enabled(if: ForeignServer.isInstalled(ForeignServer.nginx), "nginx is not installed"))
    func nginxWhoseConnectionsEndServesOn() async throws {
        try await ThrowawayCertificate.withCertificate(for: "IP:127.0.0.1") { certificate in
            // Idle connections end at once, with a farewell.
            try await ForeignServer.withNginx(certificate, settings: "keepalive_timeout 0;", files: Self.files(1)) {
                port, _ in
                try await withTransport(port, certificate) { transport in
                    for _ in 0..<20 { #expect(await transport.get(1) == [200]) }
                }
            }
        }
    }

    @Test(.enabled(if: ForeignServer.isInstalled(ForeignServer.nghttpd), "nghttpd is not installed"))
    func nghttpdPadsItsFramesAndPermitsFewRequestsAtOnce() async throws {
        try await ThrowawayCertificate.withCertificate(for: "IP:127.0.0.1") { certificate in
            let options = ["-m", "3", "--padding=200", "--trailer=x-end: 1"]
            try await ForeignServer.withNghttpd(certificate, options: options, files: Self.files(40)) { port in
                try await withTransport(port, certificate) { transport in
                    #expect(await transport.get(40) == Array(repeating: 200, count: 40))
                    let image = await transport.download("https://127.0.0.1:\(port)/large").value
                    #expect(image.map { Data($0) } == Self.large)
                }
            }
        }
    }
}
