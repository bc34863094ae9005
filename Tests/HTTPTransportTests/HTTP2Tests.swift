import FetchCore
import NIOCore
import NIOHPACK
import NIOHTTP2
import Testing

@testable import HTTPTransport

@Suite(
    "HTTP/2", .enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: HTTP/2 was NOT tested"),
    .timeLimit(.minutes(1)))
struct HTTP2Tests {
    @Test func manyRequestsShareOneConnection() async throws {
        try await HTTP2Trial.run {
            .reply(to: $0)
        } _: { trial in
            #expect(await trial.get(50) == Array(repeating: 200, count: 50))
            #expect(trial.server.connections == 1)
        }
    }

    @Test func requestIsSpelledAsTheStandardSays() async throws {
        try await HTTP2Trial.run {
            .reply(to: $0)
        } _: { trial in
            _ = try await trial.reply("/v1/jobs/x?y")
            let fields = try #require(trial.server.requests.first).fields
            #expect(
                Array(fields).map { "\($0.name): \($0.value)" } == [
                    ":method: GET", ":scheme: https", ":authority: 127.0.0.1:\(trial.port)",
                    ":path: /base/v1/jobs/x?y", "user-agent: pictory-fetch/test", "accept: application/json",
                    "accept-encoding: identity", "authorization: \(Wire.key)",
                ])
        }
    }

    @Test func noMoreRequestsAtOnceThanTheServerPermits() async throws {
        let settings = [HTTP2Setting(parameter: .maxConcurrentStreams, value: 3)]
        try await HTTP2Trial.run(settings: settings) {
            .reply(to: $0)
        } _: { trial in
            #expect(await trial.get(40).count == 40)
            #expect(trial.server.mostAtOnce <= 3)
        }
    }

    @Test func requestThatTheServerRefusesIsSentAgain() async throws {
        try await HTTP2Trial.run {
            $0.number == 1 ? .reset($0, .refusedStream) : .reply(to: $0)
        } _: { trial in
            let status = try await trial.status()
            #expect(status == 200)
            #expect(trial.server.requests.count == 2)
            #expect(trial.server.connections == 1)
        }
    }

    @Test func requestThatIsRefusedForEverFails() async throws {
        try await HTTP2Trial.run {
            .reset($0, .refusedStream)
        } _: { trial in
            #expect(await trial.failure()?.code == .connectionFailed)
            #expect(trial.server.requests.count == 17)
        }
    }

    @Test func requestsAfterTheLastThatIsTakenGoOverAnotherConnection() async throws {
        // As nginx does after so many requests: the tenth is the last of a connection.
        let script: HTTP2Server.Script = { request in
            switch request.number {
            case ...9: .reply(to: request)
            case 10: .goAway(after: request.stream) + .reply(to: request)
            default: []
            }
        }
        try await HTTP2Trial.run(script: script) { trial in
            #expect(await trial.get(32).count == 32)
            #expect(trial.server.connections == 4)
        }
    }

    @Test func connectionThatIsDeadWhenItIsUsedCostsNoAttempt() async throws {
        try await HTTP2Trial.run {
            $0.connection == 1 && $0.number == 2 ? [.close] : .reply(to: $0)
        } _: { trial in
            for _ in 0..<3 {
                let status = try await trial.status()
                #expect(status == 200)
            }
            #expect(trial.server.connections == 2)
        }
    }

    @Test func failureOfOneRequestLeavesTheOthersAlone() async throws {
        let script: HTTP2Server.Script = { $0.path.hasSuffix("/3") ? .reset($0, .internalError) : .reply(to: $0) }
        try await HTTP2Trial.run(script: script) { trial in
            #expect(await trial.get(20).count == 19)
            #expect(trial.server.connections == 1)
        }
    }

    @Test func replyThatNeverComesEndsItsRequestAlone() async throws {
        try await HTTP2Trial.run {
            $0.requestTimeout = .seconds(10)
        } script: {
            $0.path.hasSuffix("/late") ? [] : .reply(to: $0)
        } _: { trial in
            try await trial.warmUp()
            let before = (trial.server.cancelled, trial.server.connections)
            async let late = trial.failure("/late")
            // Others are answered all the while; the server is told of the one that is given up.
            while trial.server.cancelled == before.0 {
                let status = try await trial.status()
                #expect(status == 200)
                try await Task.sleep(for: .milliseconds(20))
            }
            let failure = await late
            #expect(failure?.code == .timeout)
            // The connection serves on.
            let status = try await trial.status()
            #expect(status == 200)
            #expect(trial.server.cancelled == before.0 + 1)
            #expect(trial.server.connections == before.1)
        }
    }

    @Test func connectionOverWhichNothingComesIsLeft() async throws {
        try await HTTP2Trial.run {
            $0.requestTimeout = .seconds(5)
        } script: {
            $0.path.hasSuffix("/silent") ? [] : .reply(to: $0)
        } _: { trial in
            try await trial.warmUp()
            let before = trial.server.connections
            #expect(await trial.failure("/silent")?.code == .timeout)
            let after = try await trial.status()
            #expect(after == 200)
            #expect(trial.server.connections == before + 1)
        }
    }

    @Test func cancelledRequestEndsAlone() async throws {
        try await HTTP2Trial.run {
            $0.path.hasSuffix("/late") ? [] : .reply(to: $0)
        } _: { trial in
            let code = try await cancelled(once: { !trial.server.requests.isEmpty }) {
                await trial.failure("/late")?.code
            }
            #expect(code == .interrupted)
            let status = try await trial.status()
            #expect(status == 200)
            #expect(trial.server.cancelled == 1)
            #expect(trial.server.connections == 1)
        }
    }

    @Test func interimHeadsAndTrailersArePassedOver() async throws {
        let script: HTTP2Server.Script = { request in
            let trailer = HTTP2Frame(
                streamID: request.stream, payload: .headers(.init(headers: ["x-end": "1"], endStream: true)))
            let body = HTTP2Frame(
                streamID: request.stream, payload: .data(.init(data: .byteBuffer(ByteBuffer(string: "body")))))
            return .head(of: request, 103) + .head(of: request, 200) + [.frame(body), .frame(trailer)]
        }
        try await HTTP2Trial.run(script: script) { trial in
            let reply = try await trial.reply()
            #expect(reply.status == 200)
            #expect(reply.body == Array("body".utf8))
        }
    }

    @Test func largeBodyArrivesWhole() async throws {
        // Larger than the window of a stream several times over.
        let body = String(repeating: "0123456789abcdef", count: 50_000)
        try await HTTP2Trial.run {
            .reply(to: $0, 200, body, piece: 10_000)
        } _: { trial in
            let received = try await trial.reply().body
            #expect(received == Array(body.utf8))
        }
    }

    @Test(arguments: ["3", "5", "x"]) func bodyOfAnotherLengthThanAnnouncedIsRefused(length: String) async throws {
        try await HTTP2Trial.run {
            .reply(to: $0, 200, "body", fields: [("content-length", length)])
        } _: { trial in
            #expect(await trial.failure() != nil)
        }
    }
}
