import FetchCore
import Testing

@testable import HTTPTransport

@Suite("A request to the API", .timeLimit(.minutes(1)))
struct HTTPTransportAPITests {
    @Test func carriesTheRawKeyAndWhoAsks() async throws {
        try await RawServer.withServer(Script.always(Script.reply(200, "{}"))) { server in
            let reply = try await Wire.get(Wire.configuration(api: server.origin + "/base/"), path: "/v1/jobs/1")
            #expect(reply.value == APIReply(status: 200, body: Array("{}".utf8)))
            let request = try #require(server.requests.first)
            let lines = request.split(separator: "\r\n").map(String.init)
            #expect(lines.first == "GET /base/v1/jobs/1 HTTP/1.1")
            #expect(lines.contains("Authorization: \(Wire.key)"))
            #expect(lines.contains("Accept: application/json"))
            #expect(lines.contains("User-Agent: pictory-fetch/test"))
        }
    }

    @Test func reusesAConnection() async throws {
        try await RawServer.withServer(Script.always(Script.reply(200, "{}"))) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                for _ in 0..<5 { _ = try await transport.api.get("/") }
            }
            #expect(server.requests.count == 5)
            #expect(server.connections == 1)
        }
    }

    @Test(arguments: [200, 201, 204, 206, 304, 400, 401, 403, 404, 429, 500, 503, 520])
    func everyStatusIsAReply(status: Int) async throws {
        try await RawServer.withServer(Script.once(Script.reply(status))) { server in
            let reply = try await Wire.get(Wire.configuration(api: server.origin))
            #expect(reply.value?.status == status)
        }
    }

    @Test func retryAfterIsALengthOfTime() async throws {
        let answer = Script.reply(429, headers: ["Retry-After: 17"])
        try await RawServer.withServer(Script.once(answer)) { server in
            let reply = try await Wire.get(Wire.configuration(api: server.origin))
            #expect(reply.value?.retryAfter == .seconds(17))
        }
    }

    @Test(arguments: [([], 60), (["Date: Sun, 01 Mar 2026 09:30:50 GMT"], 10)])
    func retryAfterThatIsADateIsCountedFromTheRepliesDateOrElseFromOurClock(date: [String], seconds: Int) async throws {
        let answer = Script.reply(429, headers: ["Retry-After: Sun, 01 Mar 2026 09:31:00 GMT"] + date)
        try await RawServer.withServer(Script.once(answer)) { server in
            let reply = try await Wire.get(Wire.configuration(api: server.origin))
            #expect(reply.value?.retryAfter == .seconds(seconds))
        }
        try await RawServer.withServer(Script.once(answer)) { server in
            let failure = try await Wire.download(server.origin).failure
            #expect(failure?.retryAfter == .seconds(seconds))
        }
    }

    @Test(arguments: [
        BrokenReply("body too short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", .connectionFailed),
        BrokenReply(
            "two lengths",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", .invalidResponse),
        BrokenReply("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}", .invalidResponse),
        BrokenReply(
            "chunk without a length",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}", .invalidResponse),
        BrokenReply(
            "chunks without an end",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", .connectionFailed),
        BrokenReply("no HTTP", "this is not HTTP at all, not even a little\r\n\r\n", .invalidResponse),
        BrokenReply(
            "a header of 1 MiB",
            "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 1 << 20) + "\r\n\r\n", .invalidResponse),
        BrokenReply(
            "200,000 headers",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 200_000) + "\r\n", .invalidResponse),
        BrokenReply("length beyond the limit", "HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n", .invalidResponse),
        BrokenReply("nothing", "", .connectionFailed),
    ])
    func brokenReplyIsAFailureOfThePoll(reply: BrokenReply) async throws {
        try await RawServer.withServer(Script.once(reply.bytes)) { server in
            let failure = try await Wire.get(Wire.configuration(api: server.origin)).failure
            #expect(failure?.code == reply.code)
            #expect(failure?.stage == .poll)
        }
    }

    @Test func replyOfExactlyTheLimitIsRead() async throws {
        let body = String(repeating: "x", count: APIClient.maxReplyBytes)
        try await RawServer.withServer(Script.once(Script.reply(200, body))) { server in
            let reply = try await Wire.get(Wire.configuration(api: server.origin))
            #expect(reply.value?.body.count == APIClient.maxReplyBytes)
        }
    }

    @Test func endlessReplyIsCutOff() async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
            for _ in 0..<100 { peer.send(chunk) }
        }) { server in
            let failure = try await Wire.get(Wire.configuration(api: server.origin)).failure
            #expect(failure?.code == .invalidResponse)
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
    func resetIsAFailedConnection(sent: String) async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(sent)
            peer.resetAtEnd()
        }) { server in
            let failure = try await Wire.get(Wire.configuration(api: server.origin)).failure
            #expect(failure?.code == .connectionFailed)
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
    func wholeRequestEndsByTheRequestTimeout(sent: String) async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(sent)
            peer.waitForClose()
        }) { server in
            let configuration = Wire.configuration(api: server.origin, request: .milliseconds(200))
            let failure = try await Wire.get(configuration).failure
            #expect(failure?.code == .timeout)
        }
    }

    @Test func refusedConnectionFailsAtOnce() async throws {
        let origin = "http://127.0.0.1:\(try RawServer.deafPort())"
        let failure = try await Wire.get(Wire.configuration(api: origin)).failure
        #expect(failure?.code == .connectionFailed)
    }

    @Test func nameThatDoesNotResolveIsADNSFailure() async throws {
        // No resolver is asked for a label of 64 letters: there cannot be one.
        let names = ["localhost": String(repeating: "a", count: 64) + ".invalid"]
        let failure = try await Wire.get(Wire.configuration(api: "http://localhost"), names: names).failure
        #expect(failure?.code == .dnsFailed)
    }

    @Test func cancellationIsAnInterruption() async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.waitForClose()
        }) { server in
            let result = try await cancelled(once: { !server.requests.isEmpty }) {
                try await Wire.get(Wire.configuration(api: server.origin))
            }
            #expect(result.failure?.code == .interrupted)
            #expect(result.failure?.stage == .run)
        }
    }

    @Test func failureNeverHoldsTheKey() async throws {
        try await RawServer.withServer(Script.once("garbage\r\n\r\n")) { server in
            let failure = try #require(try await Wire.get(Wire.configuration(api: server.origin)).failure)
            #expect(!String(describing: failure).contains(Wire.key))
        }
    }
}
