import FetchCore
import NIOHTTP2

@testable import HTTPTransport

/// A transport that offers HTTP/2 everywhere, and the server on loopback that it talks to.
struct HTTP2Trial {
    let transport: HTTPTransport
    let server: HTTP2Server
    let port: Int

    /// Runs a transport against a server that follows a script.
    static func run(
        settings: [HTTP2Setting] = [], _ configure: (inout TransportConfiguration) -> Void = { _ in },
        script: @escaping HTTP2Server.Script, _ body: (HTTP2Trial) async throws -> Void
    ) async throws {
        try await ThrowawayCertificate.withCertificate(for: "IP:127.0.0.1,DNS:localhost") { certificate in
            try await HTTP2Server.withServer(certificate, settings: settings, script: script) { server, port in
                var configuration = Wire.configuration(
                    api: "https://127.0.0.1:\(port)/base", caFile: certificate.certificateFile)
                configuration.http2 = .everywhere
                configure(&configuration)
                try await HTTPTransport.withTransport(configuration) {
                    try await body(HTTP2Trial(transport: $0, server: server, port: port))
                }
            }
        }
    }

    /// Makes so many requests to the API at once, to `/0`, `/1` and so on, and returns the statuses of those that succeed.
    func get(_ count: Int) async -> [Int] { await transport.get(count) }

    func reply(_ path: String = "/") async throws -> APIReply { try await transport.api.get(path) }

    func status(_ path: String = "/") async throws -> Int { try await reply(path).status }

    /// Repeats a request until it is answered in time: at the start of all tests the machine is busy for seconds.
    func warmUp() async throws {
        while await failure("/") != nil { try Task.checkCancellation() }
    }

    /// Why a request to the API fails; nil if it does not.
    func failure(_ path: String = "/") async -> JobFailure? {
        do throws(JobFailure) {
            _ = try await transport.api.get(path)
            return nil
        } catch { return error }
    }

    /// Downloads from the same server as from an image host.
    func download(_ path: String) async -> Result<[UInt8], JobFailure> {
        await transport.download("https://127.0.0.1:\(port)\(path)")
    }
}

extension HTTPTransport {
    func get(_ count: Int) async -> [Int] {
        await withTaskGroup(of: Int?.self) { group in
            for number in 0..<count {
                group.addTask { try? await self.api.get("/\(number)").status }  // a failure is no status
            }
            return await group.reduce(into: []) { if let status = $1 { $0.append(status) } }
        }
    }

    func download(_ url: String) async -> Result<[UInt8], JobFailure> {
        var bytes: [UInt8] = []
        do throws(JobFailure) {
            try await images.download(url) { span in bytes += span.withUnsafeBytes { Array($0) } }
            return .success(bytes)
        } catch { return .failure(error) }
    }
}
