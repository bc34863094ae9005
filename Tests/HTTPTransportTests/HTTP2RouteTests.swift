import FetchCore
import NIOHPACK
import NIOHTTP2
import Testing

@testable import HTTPTransport

@Suite(
    "Where HTTP/2 is spoken",
    .enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: HTTP/2 was NOT tested"),
    .timeLimit(.minutes(1)))
struct HTTP2RouteTests {
    @Test(arguments: [HTTP2Offer.nowhere, .api, .everywhere])
    func serverOfHTTP1IsSpokenToAsBefore(offer: HTTP2Offer) async throws {
        try await ThrowawayCertificate.withCertificate(for: "IP:127.0.0.1") { certificate in
            try await TLSServer.withServer(certificate, reply: Script.reply(200, "{}")) { port in
                var configuration = Wire.configuration(
                    api: "https://127.0.0.1:\(port)", caFile: certificate.certificateFile)
                configuration.http2 = offer
                try await HTTPTransport.withTransport(configuration) { transport in
                    #expect(await transport.get(10) == Array(repeating: 200, count: 10))
                    #expect(await transport.download("https://127.0.0.1:\(port)/").value == Array("{}".utf8))
                }
            }
        }
    }

    @Test func isOfferedWhereTheSettingSays() async throws {
        // A server of HTTP/2 alone cannot be talked to otherwise.
        for (offer, api, images) in [
            (HTTP2Offer.nowhere, false, false), (.api, true, false), (.everywhere, true, true),
        ] {
            try await HTTP2Trial.run {
                $0.http2 = offer
            } script: {
                .reply(to: $0)
            } _: { trial in
                #expect(await trial.get(1).isEmpty == !api)
                #expect((await trial.download("/").value != nil) == images)
            }
        }
    }

    @Test func serverThatAsksForHTTP1GetsIt() async throws {
        try await HTTP2Trial.run {
            .reset($0, .http11Required)
        } _: { trial in
            // This one speaks HTTP/2 alone, and so the connection fails; what counts is that it was tried.
            #expect(await trial.failure() != nil)
            #expect(trial.server.requests.count == 1)
            #expect(trial.server.connections == 2)
        }
    }

    @Test func tunnelLeadsToHTTP2() async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:api.test") { certificate in
            try await HTTP2Server.withServer(certificate, script: { .reply(to: $0) }) { server, port in
                try await RawProxy.withProxy(tunnelsTo: port) { proxy in
                    var configuration = Wire.configuration(
                        api: "https://api.test/base", caFile: certificate.certificateFile,
                        proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY")))
                    configuration.http2 = .api
                    try await HTTPTransport.withTransport(configuration) { transport in
                        #expect(await transport.get(10).count == 10)
                    }
                    #expect(proxy.requestLines == ["CONNECT api.test:443 HTTP/1.1"])
                    #expect(server.requests.allSatisfy { $0.authority == "api.test" })
                    #expect(!proxy.hasSeen(Wire.key))
                }
            }
        }
    }

    @Test func peerThatIsNotPublicGetsNoRequest() async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:images.test") { certificate in
            try await HTTP2Server.withServer(certificate, script: { .reply(to: $0) }) { server, port in
                var configuration = Wire.configuration(api: "https://api.test", caFile: certificate.certificateFile)
                configuration.http2 = .everywhere
                let image = try await Wire.download(
                    "https://images.test:\(port)/", configuration,
                    overrides: .init(names: ["images.test": "127.0.0.1"]))
                #expect(image.failure?.code == .urlRejected)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func keyGoesToTheAPIAlone() async throws {
        let script: HTTP2Server.Script = { request in
            guard request.path == "/base/elsewhere", let port = request.authority.split(separator: ":").last else {
                return .reply(to: request, 200, "image")
            }
            return .reply(to: request, 302, "", fields: [("location", "https://localhost:\(port)/x")])
        }
        try await HTTP2Trial.run(script: script) { trial in
            let status = try await trial.status("/elsewhere")
            #expect(status == 200)
            #expect(await trial.download("/image").value == Array("image".utf8))
            let keyed = trial.server.requests.filter { $0.fields.first(name: "authorization") != nil }
            #expect(trial.server.requests.map(\.path) == ["/base/elsewhere", "/x", "/image"])
            #expect(keyed.map(\.path) == ["/base/elsewhere"])
        }
    }
}
