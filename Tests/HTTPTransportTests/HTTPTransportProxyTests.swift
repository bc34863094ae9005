import FetchCore
import Testing

@testable import HTTPTransport

@Suite("A proxy", .timeLimit(.minutes(1)))
struct HTTPTransportProxyTests {
    private let user = "user:hush-hush@"

    /// A poll and a download through the proxy.
    private func failures(through proxy: ProxySettings.Variable) async throws -> [JobFailure] {
        var configuration = Wire.configuration(api: "https://api.test", proxies: ProxySettings(https: proxy))
        configuration.connectTimeout = .seconds(1)
        return [
            try #require(try await Wire.get(configuration).failure),
            try #require(try await Wire.download("https://images.test/", configuration).failure),
        ]
    }

    @Test(arguments: [301, 400, 403, 404, 502, 503, 504])
    func thatRefusesTheTunnelIsAFailedConnectionAndNamed(status: Int) async throws {
        try await RawProxy.withProxy(Script.once(Script.reply(status, "no"))) { proxy in
            for failure in try await failures(through: proxy.variable("HTTPS_PROXY")) {
                #expect(failure.code == .connectionFailed)
                #expect(failure.message.hasPrefix("The proxy refused"))
            }
            #expect(proxy.requestLines == ["CONNECT api.test:443 HTTP/1.1", "CONNECT images.test:443 HTTP/1.1"])
        }
    }

    @Test func thatWantsAnotherUserIsAnHTTPErrorWhichShowsNoPassword() async throws {
        let reply = Script.reply(407, "who?", headers: ["Proxy-Authenticate: Basic realm=\"x\""])
        try await RawProxy.withProxy(Script.once(reply)) { proxy in
            let found = try await failures(through: proxy.variable("HTTPS_PROXY", user: user))
            #expect(found.map(\.code) == [.httpError, .downloadHTTPError])
            for failure in found {
                #expect(failure.httpStatus == 407)
                #expect(failure.message.contains("proxy"))
                #expect(!String(describing: failure).contains("hush"))
            }
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n\r\n"])
    func thatIsSilentBeforeOrAfterItsAnswerIsATimeout(sent: String) async throws {
        try await RawProxy.withProxy({ peer in
            peer.receive()
            peer.send(sent)
            peer.waitForClose()
        }) { proxy in
            for failure in try await failures(through: proxy.variable("HTTPS_PROXY")) {
                #expect(failure.code == .timeout)
                #expect(failure.message.contains("proxy"))
            }
        }
    }

    @Test func thatIsNotThereIsAFailedConnectionAndNamed() async throws {
        let deaf = ProxySettings.Variable(
            name: "HTTPS_PROXY", value: "http://\(user)127.0.0.1:\(try RawServer.deafPort())")
        for failure in try await failures(through: deaf) {
            #expect(failure.code == .connectionFailed)
            #expect(failure.message.contains("proxy"))
            #expect(!String(describing: failure).contains("hush"))
        }
    }

    @Test func whoseNameDoesNotResolveIsADNSFailureAndNamed() async throws {
        // No resolver is asked for so long a name: there cannot be one.
        let name = Array(repeating: String(repeating: "a", count: 60), count: 4).joined(separator: ".") + ".invalid"
        for failure in try await failures(through: .init(name: "HTTPS_PROXY", value: "\(name):1")) {
            #expect(failure.code == .dnsFailed)
            #expect(failure.message.hasPrefix("The proxy's name"))
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\n\r\n", "not HTTP at all\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 403 No\r\n\r\n",
        "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ])
    func thatAnswersOddlyIsAFailureAndNoCrash(reply: String) async throws {
        try await RawProxy.withProxy(Script.once(reply)) { proxy in
            for failure in try await failures(through: proxy.variable("HTTPS_PROXY")) {
                let codes: [FailureCode] = [
                    .connectionFailed, .timeout, .tlsFailed, .httpError, .downloadHTTPError, .invalidResponse,
                ]
                #expect(codes.contains(failure.code))
            }
        }
    }

    @Test func isNotAskedForLoopback() async throws {
        try await RawProxy.withProxy(Script.once(Script.reply(502))) { proxy in
            try await RawServer.withServer(Script.always(Script.reply(200, "{}"))) { server in
                let proxies = ProxySettings(
                    https: proxy.variable("HTTPS_PROXY"), http: proxy.variable("http_proxy"))
                let configuration = Wire.configuration(api: server.origin, allowHTTP: true, proxies: proxies)
                let reply = try await Wire.get(configuration)
                #expect(reply.value?.status == 200)
                let image = try await Wire.download(server.origin, configuration)
                #expect(image.value == Array("{}".utf8))
            }
            #expect(proxy.connections == 0)
        }
    }

    @Test(arguments: ["http://images.test/a%2Fb.png?x=1%2B2", "http://images.test:8080/", "http://[2606:4700::1]/x"])
    func ofPlainHTTPIsAskedForTheWholeUrlAndNotGivenTheKey(url: String) async throws {
        try await RawProxy.withProxy(Script.once(Script.reply(200, "image"))) { proxy in
            let configuration = Wire.configuration(
                api: "https://api.test", allowHTTP: true,
                proxies: ProxySettings(http: proxy.variable("http_proxy", user: user)))
            let image = try await Wire.download(url, configuration)
            #expect(image.value == Array("image".utf8))
            let host = url.split(separator: "/")[1]
            #expect(proxy.requestLines == ["GET \(url) HTTP/1.1"])
            #expect(proxy.firstRequest.filter { $0.lowercased().hasPrefix("host:") } == ["Host: \(host)"])
            #expect(proxy.firstRequest.contains("Proxy-Authorization: Basic dXNlcjpodXNoLWh1c2g="))
            #expect(!proxy.hasSeen(Wire.key))
        }
    }

    @Test func ofPlainHTTPServesManyHostsOverOneConnection() async throws {
        try await RawProxy.withProxy(Script.always(Script.reply(200, "image"))) { proxy in
            let configuration = Wire.configuration(
                api: "https://api.test", allowHTTP: true, proxies: ProxySettings(http: proxy.variable("http_proxy")))
            try await HTTPTransport.withTransport(configuration) { transport in
                for host in ["a.test", "b.test"] { try await transport.images.download("http://\(host)/") { _ in } }
            }
            #expect(proxy.requestLines == ["GET http://a.test/ HTTP/1.1", "GET http://b.test/ HTTP/1.1"])
            #expect(proxy.connections == 1)
        }
    }

    @Test func ofPlainHTTPThatWantsAUserIsNamed() async throws {
        try await RawProxy.withProxy(Script.once(Script.reply(407))) { proxy in
            let configuration = Wire.configuration(
                api: "https://api.test", allowHTTP: true, proxies: ProxySettings(http: proxy.variable("http_proxy")))
            let failure = try await Wire.download("http://images.test/", configuration).failure
            #expect(failure?.code == .downloadHTTPError)
            #expect(failure?.httpStatus == 407)
            #expect(failure?.message.hasPrefix("The proxy ") == true)
        }
    }

    @Test func neverSeesTheKeyOfARedirectedRequest() async throws {
        try await RawProxy.withProxy(Script.once(Script.reply(200, "{}"))) { proxy in
            try await RawServer.withServer(Script.once(Script.redirect(to: "http://other.test/x"))) { server in
                let configuration = Wire.configuration(
                    api: server.origin, allowHTTP: true, proxies: ProxySettings(http: proxy.variable("http_proxy")))
                let reply = try await Wire.get(configuration)
                #expect(reply.value?.status == 200)
            }
            #expect(proxy.requestLines == ["GET http://other.test/x HTTP/1.1"])
            #expect(!proxy.hasSeen(Wire.key))
        }
    }
}
