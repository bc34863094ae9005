import FetchCore
import Testing
import WebAddress

@testable import HTTPTransport

@Suite("A redirect on the wire", .timeLimit(.minutes(1)))
struct HTTPTransportRedirectTests {
    private func hasKey(_ request: String) -> Bool { request.contains(Wire.key) }

    @Test(arguments: [301, 302, 303, 307, 308])
    func apiKeepsTheKeyWithinItsOrigin(status: Int) async throws {
        let script = Script.byPath(["/a": Script.redirect(status, to: "b"), "/b": Script.reply(200, "{}")])
        try await RawServer.withServer(script) { server in
            let reply = try await Wire.get(Wire.configuration(api: server.origin), path: "/a")
            #expect(reply.value?.status == 200)
            #expect(server.requests.map(hasKey) == [true, true])
        }
    }

    @Test func keyStaysBehindWhenThePortChangesAndDoesNotComeBack() async throws {
        try await RawServer.withServer(Script.byPath(["/home": Script.reply(200, "home")])) { home in
            let abroad = Script.byPath(["/abroad": Script.redirect(to: home.origin + "/home")])
            try await RawServer.withServer(abroad) { other in
                // The API and the last stop are one origin; the way leads through another.
                let start = Script.always(Script.redirect(to: other.origin + "/abroad"))
                try await RawServer.withServer(start) { api in
                    let reply = try await Wire.get(Wire.configuration(api: api.origin))
                    #expect(reply.value?.body == Array("home".utf8))
                    #expect(api.requests.map(hasKey) == [true])
                    #expect(other.requests.map(hasKey) == [false])
                    #expect(home.requests.map(hasKey) == [false])
                }
            }
        }
    }

    @Test func keyStaysBehindForAnotherNameOfTheSameMachine() async throws {
        try await RawServer.withServer({ peer in
            while let head = peer.receive() {
                let port = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("host: ") }?.split(
                    separator: ":"
                ).last
                let home = Script.redirect(to: "http://localhost:\(port ?? "")/b")
                peer.send(head.hasPrefix("GET /a ") ? home : Script.reply(200, "{}"))
            }
        }) { server in
            let names = ["localhost": "127.0.0.1"]
            let reply = try await Wire.get(Wire.configuration(api: server.origin), path: "/a", names: names)
            #expect(reply.value?.status == 200)
            #expect(server.requests.map(hasKey) == [true, false])
        }
    }

    @Test func apiLoopEndsAtTheLimitAsAReply() async throws {
        try await RawServer.withServer(Script.always(Script.redirect(to: "/again"))) { server in
            let reply = try await Wire.get(Wire.configuration(api: server.origin))
            #expect(reply.value?.status == 302)
            #expect(server.requests.count == 1 + Redirect.limit)
        }
    }

    @Test(arguments: [
        "file:///etc/passwd", "http://", "//[::1", "http://u:p@127.0.0.1/", "http://127.0.0.1:99999/", "",
    ])
    func apiRedirectThatCannotBeFollowedIsAReply(location: String) async throws {
        try await RawServer.withServer(Script.always(Script.redirect(to: location))) { server in
            let reply = try await Wire.get(Wire.configuration(api: server.origin))
            #expect(reply.value?.status == 302)
            #expect(server.requests.count == 1)
        }
    }

    @Test func remoteApiCannotSendUsToAPrivateAddress() async throws {
        try await RawServer.withServer(Script.always(Script.reply(200, "secret"))) { inside in
            let script = Script.always(Script.redirect(to: "http://inside.test:\(inside.port)/"))
            try await RawServer.withServer(script) { api in
                let configuration = Wire.configuration(api: "http://api.test:\(api.port)", allowHTTP: true)
                let names = ["api.test": "127.0.0.1", "inside.test": "127.0.0.1"]
                let failure = try await Wire.get(configuration, names: names).failure
                #expect(failure?.code == .connectionFailed)
                #expect(inside.requests.isEmpty)
            }
        }
    }

    @Test func downloadFollowsAChainAndIsNeverGivenTheKey() async throws {
        let chain = (1...Redirect.limit).map { ("/\($0)", Script.redirect(to: "/\($0 + 1)")) }
        let last = ("/\(Redirect.limit + 1)", Script.reply(200, "image"))
        let script = Script.byPath(Dictionary(uniqueKeysWithValues: chain + [last]))
        try await RawServer.withServer(script) { server in
            let configuration = Wire.configuration(api: server.origin)
            let result = try await Wire.download(server.origin + "/1", configuration)
            #expect(result.value == Array("image".utf8))
            #expect(server.requests.count == 1 + Redirect.limit)
            #expect(!server.requests.contains(where: hasKey))
        }
    }

    @Test func downloadLoopEndsAtTheLimit() async throws {
        try await RawServer.withServer(Script.always(Script.redirect(to: "/again"))) { server in
            let failure = try await Wire.download(server.origin).failure
            #expect(failure?.code == .downloadHTTPError)
            #expect(failure?.httpStatus == 302)
            #expect(server.requests.count == 1 + Redirect.limit)
        }
    }

    @Test(arguments: [
        ("file:///etc/passwd", FailureCode.urlRejected), ("http://u:p@127.0.0.1/", .urlRejected),
        ("http://[::1", .downloadHTTPError), ("http://127.0.0.1:1\\@192.0.2.1/", .connectionFailed),
        ("http://images.example/", .urlRejected), ("//[::1]:1/", .connectionFailed),
    ])
    func downloadRedirectedToNowhereIsAFailure(location: String, code: FailureCode) async throws {
        try await RawServer.withServer(Script.always(Script.redirect(to: location))) { server in
            let failure = try await Wire.download(server.origin).failure
            #expect(failure?.code == code)
        }
    }

    @Test func peerIsLookedAtAfterARedirectToo() async throws {
        try await RawServer.withServer(Script.always(Script.reply(200, "secret"))) { inside in
            let script = Script.always(Script.redirect(to: "http://evil.test:\(inside.port)/"))
            try await RawServer.withServer(script) { host in
                let configuration = Wire.configuration(
                    api: "https://api.test", allowHTTP: true, allowedHosts: ["images.test", "*.test"])
                let names = ["images.test": "127.0.0.1", "evil.test": "127.0.0.1"]
                let failure = try await Wire.download(
                    "http://images.test:\(host.port)/", configuration, overrides: .init(names: names)
                ).failure
                #expect(failure?.code == .urlRejected)
                #expect(host.requests.count == 1)
                #expect(inside.requests.isEmpty)
            }
        }
    }
}
