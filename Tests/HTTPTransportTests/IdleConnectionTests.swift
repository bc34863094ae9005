import FetchCore
import Synchronization
import Testing

@testable import HTTPTransport

@Suite("A request over an idle connection", .timeLimit(.minutes(1)))
struct IdleConnectionTests {
    /// Answers the first request of each connection, and does with the second what `then` says.
    private static func answerOnce(_ reply: String, then: @escaping @Sendable (Peer) -> Void)
        -> @Sendable (Peer) -> Void
    {
        { peer in
            guard peer.receive() != nil else { return }
            peer.send(reply)
            guard peer.receive() != nil else { return }
            then(peer)
        }
    }

    private static let poll = Script.reply(200, "{}")

    @Test func resetAtTheSecondRequestCostsThePollNothing() async throws {
        try await RawServer.withServer(Self.answerOnce(Self.poll) { $0.resetAtEnd() }) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                for _ in 0..<5 {
                    let reply = try await transport.api.get("/")
                    #expect(reply.status == 200)
                }
            }
            // The first has a connection, and each one after it finds that of its predecessor dead.
            #expect(server.connections == 5)
            #expect(server.requests.count == 9)
        }
    }

    @Test func hangUpAtTheSecondRequestCostsTheDownloadNothing() async throws {
        try await RawServer.withServer(Self.answerOnce(Script.reply(200, "image")) { _ in }) { server in
            try await HTTPTransport.withTransport(Wire.configuration()) { transport in
                for _ in 0..<5 {
                    var bytes: [UInt8] = []
                    try await transport.images.download(server.origin) { span in span.withUnsafeBytes { bytes += $0 } }
                    #expect(bytes == Array("image".utf8))
                }
            }
            #expect(server.connections == 5)
        }
    }

    @Test func connectionThatWasClosedWhileIdleCostsNothing() async throws {
        let closed = Mutex(0)
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(Self.poll)
            // The script ends, and with it the connection; whether the next request meets its end or not, it succeeds.
            closed.withLock { $0 += 1 }
        }) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                for count in 1...20 {
                    let reply = try await transport.api.get("/")
                    #expect(reply.status == 200)
                    if count.isMultiple(of: 2) { try await until { closed.withLock { $0 == count } } }
                }
            }
            #expect(server.connections == 20)
        }
    }

    @Test(arguments: [
        "H", "HTTP/1.1 20", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
    ])
    func requestOfWhoseReplyAByteHasComeIsNotSentAgain(start: String) async throws {
        let script = Self.answerOnce(Self.poll) { $0.send(start) }
        try await RawServer.withServer(script) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                _ = try await transport.api.get("/")
                let failure = try #require(await #expect(throws: JobFailure.self) { try await transport.api.get("/") })
                #expect(failure.code == .connectionFailed)
            }
            #expect(server.requests.count == 2)
        }
    }

    @Test func silenceIsNoDeadConnection() async throws {
        let script = Self.answerOnce(Self.poll) { $0.waitForClose() }
        try await RawServer.withServer(script) { server in
            let configuration = Wire.configuration(api: server.origin, request: .milliseconds(300))
            try await HTTPTransport.withTransport(configuration) { transport in
                _ = try await transport.api.get("/")
                let failure = try #require(await #expect(throws: JobFailure.self) { try await transport.api.get("/") })
                #expect(failure.code == .timeout)
            }
            #expect(server.requests.count == 2)
        }
    }

    @Test func newConnectionThatDiesIsAFault() async throws {
        // The second request goes to a connection that was idle, and then to a new one; no third is tried.
        let count = Mutex(0)
        try await RawServer.withServer({ peer in
            let number = count.withLock { number in
                number += 1
                return number
            }
            peer.receive()
            if number == 1 {
                peer.send(Self.poll)
                peer.receive()
            }
            peer.resetAtEnd()
        }) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                _ = try await transport.api.get("/")
                let failure = try #require(await #expect(throws: JobFailure.self) { try await transport.api.get("/") })
                #expect(failure.code == .connectionFailed)
            }
            #expect(server.connections == 2)
            #expect(server.requests.count == 3)
        }
    }

    @Test func requestIsSentAgainWithinItsDeadline() async throws {
        // The idle connection keeps the request for half of its time, and the new one for three quarters of it.
        let count = Mutex(0)
        try await RawServer.withServer({ peer in
            let isFirst = count.withLock { number in
                number += 1
                return number == 1
            }
            peer.receive()
            if isFirst {
                peer.send(Self.poll)
                peer.receive()
                peer.pause(milliseconds: 500)
            } else {
                peer.pause(milliseconds: 750)
                peer.send(Self.poll)
            }
        }) { server in
            let configuration = Wire.configuration(api: server.origin, request: .seconds(1))
            try await HTTPTransport.withTransport(configuration) { transport in
                _ = try await transport.api.get("/")
                let failure = try #require(await #expect(throws: JobFailure.self) { try await transport.api.get("/") })
                #expect(failure.code == .timeout)
            }
        }
    }

    @Test func deadConnectionTakesItsFellowsWithIt() async throws {
        struct State {
            var requests = 0
            /// Nothing is answered before so many have come: what is asked at once has a connection each.
            var goal = 4
            var isDead = false
            var usedDead = 0
        }
        let state = Mutex(State())
        try await RawServer.withServer({ peer in
            let isOld = !state.withLock { $0.isDead }
            while peer.receive() != nil {
                if isOld, state.withLock({ $0.isDead }) {
                    state.withLock { $0.usedDead += 1 }
                    return peer.resetAtEnd()
                }
                state.withLock { $0.requests += 1 }
                while state.withLock({ $0.requests < $0.goal }) { peer.pause(milliseconds: 1) }
                peer.send(Self.poll)
            }
        }) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                try await Self.poll(transport, atOnce: 4)
                #expect(server.connections == 4)
                state.withLock { $0.isDead = true }
                // One is found dead; the three others are not tried, though two requests want two connections.
                try await Self.poll(transport, atOnce: 1)
                state.withLock { $0.goal = $0.requests + 2 }
                try await Self.poll(transport, atOnce: 2)
                #expect(state.withLock { $0.usedDead } == 1)
                #expect(server.connections == 6)
            }
        }
    }

    @Test func serverThatResetsEveryIdleConnectionFailsNoRequest() async throws {
        try await RawServer.withServer(Self.answerOnce(Self.poll) { $0.resetAtEnd() }) { server in
            var configuration = Wire.configuration(api: server.origin)
            configuration.concurrency = 16
            try await HTTPTransport.withTransport(configuration) { transport in
                for _ in 0..<10 { try await Self.poll(transport, atOnce: 16) }
            }
        }
    }

    /// Makes requests at once, all of which have to succeed.
    private static func poll(_ transport: HTTPTransport, atOnce count: Int) async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count { group.addTask { try await transport.api.get("/").status } }
            for try await status in group { #expect(status == 200) }
        }
    }

    @Test(
        .enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: dead connections of TLS were NOT tested"),
        arguments: TLSServer.Ending.allCases)
    func deadConnectionOfTLSCostsNothing(ending: TLSServer.Ending) async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:localhost") { certificate in
            try await TLSServer.withServer(certificate, reply: Self.poll, atSecondRequest: ending) { port in
                let configuration = Wire.configuration(
                    api: "https://localhost:\(port)", caFile: certificate.certificateFile)
                try await HTTPTransport.withTransport(configuration) { transport in
                    for _ in 0..<4 {
                        let reply = try await transport.api.get("/")
                        #expect(reply.status == 200)
                    }
                }
            }
        }
    }

    @Test(.enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: dead tunnels were NOT tested"))
    func deadTunnelCostsNothing() async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:api.test") { certificate in
            try await TLSServer.withServer(certificate, reply: Self.poll, atSecondRequest: .closeNotify) { port in
                try await RawProxy.withProxy(tunnelsTo: port) { proxy in
                    let configuration = Wire.configuration(
                        api: "https://api.test", caFile: certificate.certificateFile,
                        proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY")))
                    try await HTTPTransport.withTransport(configuration) { transport in
                        for _ in 0..<4 {
                            let reply = try await transport.api.get("/")
                            #expect(reply.status == 200)
                        }
                    }
                    #expect(proxy.connections == 4)
                }
            }
        }
    }
}
