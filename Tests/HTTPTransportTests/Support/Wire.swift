import FetchCore

@testable import HTTPTransport

/// Ways to run a transport in a test.
enum Wire {
    static let key = "pictai_the-key-of-the-test"
    /// 2026-03-01T09:30:00Z.
    static let now = Timestamp(milliseconds: 1_772_357_400_000)

    static func configuration(
        api: String = "http://127.0.0.1:1", request: Duration = .seconds(30), stall: Duration = .seconds(30),
        maxImageBytes: Int = 1 << 20, caFile: String? = nil, allowHTTP: Bool = false, allowedHosts: [String] = [],
        proxies: ProxySettings = ProxySettings()
    ) -> TransportConfiguration {
        TransportConfiguration(
            apiURL: api, apiKey: key, userAgent: "pictory-fetch/test", connectTimeout: .seconds(20),
            requestTimeout: request, stallTimeout: stall, maxImageBytes: maxImageBytes, caFile: caFile,
            allowHTTP: allowHTTP, allowedHosts: allowedHosts, proxies: proxies, concurrency: 4,
            wallClock: { now })
    }

    /// Makes one request to the API; a failure is a value.
    static func get(
        _ configuration: TransportConfiguration, path: String = "/v1/jobs/x", names: [String: String] = [:]
    ) async throws -> Result<APIReply, JobFailure> {
        try await HTTPTransport.withTransport(configuration, overrides: .init(names: names)) { transport in
            do throws(JobFailure) {
                return .success(try await transport.api.get(path))
            } catch { return .failure(error) }
        }
    }

    /// Asks a server that always gives this reply, one request after the other; returns the bodies, and how many connections
    /// that took.
    static func bodies(_ count: Int, of reply: String) async throws -> (bodies: [String], connections: Int) {
        try await RawServer.withServer(Script.always(reply)) { server in
            var bodies: [String] = []
            try await HTTPTransport.withTransport(configuration(api: server.origin)) { transport in
                for _ in 0..<count {
                    bodies.append(String(decoding: try await transport.api.get("/").body, as: UTF8.self))
                }
            }
            return (bodies, server.connections)
        }
    }

    /// Downloads one url whole; a failure is a value.
    static func download(
        _ url: String, _ configuration: TransportConfiguration = configuration(),
        overrides: HTTPTransport.TestOverrides = .init()
    ) async throws -> Result<[UInt8], JobFailure> {
        try await HTTPTransport.withTransport(configuration, overrides: overrides) { transport in
            var bytes: [UInt8] = []
            do throws(JobFailure) {
                try await transport.images.download(url) { span in bytes += span.withUnsafeBytes { Array($0) } }
                return .success(bytes)
            } catch { return .failure(error) }
        }
    }
}

extension Result where Failure == JobFailure {
    var failure: JobFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }

    var value: Success? {
        if case .success(let value) = self { value } else { nil }
    }
}
