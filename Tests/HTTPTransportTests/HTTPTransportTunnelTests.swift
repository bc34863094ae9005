import FetchCore
import Testing

@testable import HTTPTransport

@Suite(
    "A tunnel through a proxy", .timeLimit(.minutes(1)),
    .enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: NOTHING about tunnels was tested"))
struct HTTPTransportTunnelTests {
    /// Lends a proxy, with a TLS server behind it that has a certificate for `name`.
    private func withServer(
        _ name: String, reply: String = Script.reply(200, "{}"),
        _ body: (RawProxy, ThrowawayCertificate, _ port: Int) async throws -> Void
    ) async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:\(name)") { certificate in
            try await TLSServer.withServer(certificate, reply: reply) { port in
                try await RawProxy.withProxy(tunnelsTo: port) { try await body($0, certificate, port) }
            }
        }
    }

    @Test func leadsToTheAPIAndHidesTheKey() async throws {
        try await withServer("api.test") { proxy, certificate, _ in
            let configuration = Wire.configuration(
                api: "https://api.test/base", caFile: certificate.certificateFile,
                proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY", user: "user:p%40ss@")))
            let reply = try await Wire.get(configuration)
            #expect(reply.value?.status == 200)
            #expect(proxy.requestLines == ["CONNECT api.test:443 HTTP/1.1"])
            #expect(proxy.firstRequest.contains { $0.lowercased() == "proxy-authorization: basic dxnlcjpwqhnz" })
            #expect(proxy.bytesPassed > 0)
            #expect(!proxy.hasSeen(Wire.key))
            #expect(!proxy.hasSeen("/base"))
        }
    }

    @Test func leadsToAnImageWhoseAddressNobodyHereKnows() async throws {
        try await withServer("images.test", reply: Script.reply(200, "image")) { proxy, certificate, _ in
            let configuration = Wire.configuration(
                api: "https://api.test", caFile: certificate.certificateFile,
                proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY")))
            let image = try await Wire.download("https://images.test:8443/secret?sig=1", configuration)
            #expect(image.value == Array("image".utf8))
            #expect(proxy.requestLines == ["CONNECT images.test:8443 HTTP/1.1"])
            #expect(!proxy.firstRequest.contains { $0.lowercased().hasPrefix("proxy-authorization") })
            #expect(!proxy.hasSeen("secret"))
        }
    }

    @Test func endsAtTheServersOwnCertificate() async throws {
        try await withServer("elsewhere.test") { proxy, certificate, _ in
            let configuration = Wire.configuration(
                api: "https://api.test", caFile: certificate.certificateFile,
                proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY")))
            let refusal = try await Wire.get(configuration)
            #expect(refusal.failure?.code == .tlsFailed)
            #expect(!proxy.hasSeen(Wire.key))
        }
    }

    @Test func isAskedForAgainAfterARedirectToAnotherHost() async throws {
        let reply = Script.redirect(to: "https://images.test:8443/next")
        try await withServer("images.test", reply: reply) { proxy, certificate, _ in
            let configuration = Wire.configuration(
                api: "https://api.test", caFile: certificate.certificateFile,
                proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY")))
            let failure = try await Wire.download("https://images.test/", configuration).failure
            #expect(failure?.code == .downloadHTTPError)
            // The other host redirects to itself until there were too many, over one tunnel or several.
            #expect(
                Set(proxy.requestLines) == ["CONNECT images.test:443 HTTP/1.1", "CONNECT images.test:8443 HTTP/1.1"])
        }
    }

    @Test func addressThatIsNotPublicIsRefusedBeforeTheProxyHearsOfIt() async throws {
        try await withServer("images.test", reply: Script.redirect(to: "https://10.0.0.1/")) { proxy, certificate, _ in
            let configuration = Wire.configuration(
                api: "https://api.test", caFile: certificate.certificateFile,
                proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY")))
            let failure = try await Wire.download("https://169.254.169.254/", configuration)
            #expect(failure.failure?.code == .urlRejected)
            #expect(proxy.connections == 0)
            let second = try await Wire.download("https://images.test/", configuration)
            #expect(second.failure?.code == .urlRejected)
            #expect(proxy.requestLines == ["CONNECT images.test:443 HTTP/1.1"])
        }
    }

    @Test func exceptionIsReachedWithoutTheProxyAndIsGuardedAgain() async throws {
        try await withServer("images.test", reply: Script.reply(200, "image")) { proxy, certificate, port in
            var configuration = Wire.configuration(
                api: "https://api.test", caFile: certificate.certificateFile,
                proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY"), exceptions: ".test"))
            let here = HTTPTransport.TestOverrides(names: ["images.test": "127.0.0.1"])
            let url = "https://images.test:\(port)/"
            let failure = try await Wire.download(url, configuration, overrides: here).failure
            #expect(failure?.code == .urlRejected)
            configuration.allowedHosts = ["images.test"]
            let image = try await Wire.download(url, configuration, overrides: here)
            #expect(image.value == Array("image".utf8))
            #expect(proxy.connections == 0)
        }
    }

    @Test func apiThatIsAnExceptionIsReachedWithoutTheProxy() async throws {
        try await withServer("api.test") { proxy, certificate, port in
            let configuration = Wire.configuration(
                api: "https://api.test:\(port)", caFile: certificate.certificateFile,
                proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY"), exceptions: "api.test"))
            let reply = try await Wire.get(configuration, names: ["api.test": "127.0.0.1"])
            #expect(reply.value?.status == 200)
            #expect(proxy.connections == 0)
        }
    }
}
