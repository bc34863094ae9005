import FetchCore
import Testing

@testable import HTTPTransport

@Suite("A server that talks nonsense", .timeLimit(.minutes(2)))
struct HTTPTransportNoiseTests {
    private static let good = [
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n4\r\ncdef\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
    ]

    /// The same noise in every run.
    private struct Noise: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test(arguments: 0..<4)
    func anyByteMayBeWrongAndTheRequestStillEnds(example: Int) async throws {
        var noise = Noise(state: UInt64(example))
        let configuration = Wire.configuration(request: .seconds(2), stall: .seconds(2))
        for _ in 0..<50 {
            var bytes = Array(Self.good[example].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &noise) {
                let place = Int.random(in: 0..<bytes.count, using: &noise)
                switch Int.random(in: 0..<3, using: &noise) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &noise)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &noise), at: place)
                }
            }
            let reply = bytes
            try await RawServer.withServer({ peer in
                peer.receive()
                peer.send(reply)
            }) { server in
                var poll = configuration
                poll.apiURL = server.origin
                let codes: [FailureCode] = [.connectionFailed, .invalidResponse, .timeout]
                if let failure = try await Wire.get(poll).failure { #expect(codes.contains(failure.code)) }
                let failure = try await Wire.download(server.origin, configuration).failure
                #expect(failure.map { $0.stage == .download } ?? true)
            }
        }
    }

    @Test func informationalRepliesWithoutEndAreATimeout() async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            for _ in 0..<5000 { peer.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n") }
            peer.waitForClose()
        }) { server in
            let limits = Wire.configuration(api: server.origin, request: .milliseconds(200), stall: .milliseconds(200))
            let polled = try await Wire.get(limits).failure
            #expect(polled?.code == .timeout)
            let downloaded = try await Wire.download(server.origin, limits).failure
            #expect(downloaded?.code == .timeout)
        }
    }

    @Test func switchingProtocolsIsNoImage() async throws {
        let reply = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
        try await RawServer.withServer(Script.once(reply)) { server in
            let failure = try await Wire.download(server.origin).failure
            #expect(failure?.stage == .download)
        }
    }

    @Test func replyThatNobodyAskedForIsNeverTakenForTheNextOne() async throws {
        let twice = Script.reply(200, "{}") + Script.reply(418, "late")
        try await RawServer.withServer(Script.always(twice)) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                for _ in 0..<20 {
                    do throws(JobFailure) {
                        let reply = try await transport.api.get("/")
                        #expect(reply.status == 200)
                    } catch {
                        // The next request may already be on the connection when the surplus is noticed.
                        #expect(error.code == .connectionFailed || error.code == .invalidResponse)
                    }
                }
            }
        }
    }
}
