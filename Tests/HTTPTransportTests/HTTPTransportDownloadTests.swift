import FetchCore
import Synchronization
import Testing

@testable import HTTPTransport

@Suite("A download", .timeLimit(.minutes(1)))
struct HTTPTransportDownloadTests {
    @Test func asksForTheImageAsItIs() async throws {
        try await RawServer.withServer(Script.once(Script.reply(200, "image"))) { server in
            let result = try await Wire.download(server.origin + "/a%2Fb.png?X-Sig=1%2B2&x=a+b")
            #expect(result.value == Array("image".utf8))
            let lines = try #require(server.requests.first).split(separator: "\r\n").map(String.init)
            #expect(lines.first == "GET /a%2Fb.png?X-Sig=1%2B2&x=a+b HTTP/1.1")
            #expect(lines.contains("Accept-Encoding: identity"))
            #expect(lines.contains("User-Agent: pictory-fetch/test"))
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n4;x=y\r\ncdef\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdef",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Encoding: identity\r\n\r\nabcdef",
        "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef",
    ])
    func goodBodyArrivesWhole(reply: String) async throws {
        try await RawServer.withServer(Script.once(reply)) { server in
            let value = try await Wire.download(server.origin).value
            #expect(value == Array("abcdef".utf8))
        }
    }

    @Test func largeBodyArrivesInOrder() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n")
            peer.send(bytes)
        }) { server in
            let result = try await Wire.download(server.origin, Wire.configuration(maxImageBytes: bytes.count))
            #expect(result.value == bytes)
        }
    }

    @Test func bytesBeyondTheContentLengthAreNotTheImage() async throws {
        let reply = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdefgh"
        try await RawServer.withServer(Script.always(reply)) { server in
            let value = try await Wire.download(server.origin).value
            #expect(value == Array("abc".utf8))
        }
    }

    @Test(arguments: [
        BrokenReply("body too short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .truncated),
        BrokenReply(
            "chunks without an end",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", .truncated),
        BrokenReply(
            "chunk longer than it says",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef", .truncated),
        BrokenReply(
            "chunk without a length",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", .truncated),
        BrokenReply(
            "two lengths",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", .connectionFailed),
        BrokenReply("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc", .connectionFailed),
        BrokenReply(
            "a header of 1 MiB",
            "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 1 << 20) + "\r\n\r\n", .connectionFailed),
        BrokenReply("head cut off", "HTTP/1.1 200 OK\r\nContent-Le", .connectionFailed),
        BrokenReply("no HTTP", "\u{89}PNG and no HTTP around it", .connectionFailed),
        BrokenReply("nothing", "", .connectionFailed),
    ])
    func brokenReplyIsAFailureOfTheDownload(reply: BrokenReply) async throws {
        try await RawServer.withServer(Script.once(reply.bytes)) { server in
            let failure = try await Wire.download(server.origin).failure
            #expect(failure?.code == reply.code)
            #expect(failure?.stage == .download)
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
    func resetIsAFailedConnectionOrATruncation(sent: String) async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(sent)
            peer.resetAtEnd()
        }) { server in
            let code = try await Wire.download(server.origin).failure?.code
            #expect(code == .connectionFailed || (code == .truncated && sent.contains("abc")))
        }
    }

    @Test(arguments: [204, 206, 304, 302, 404, 429, 503])
    func otherStatusIsAFailureWithItsStatus(status: Int) async throws {
        let reply = Script.reply(status, headers: ["Retry-After: 5"])
        try await RawServer.withServer(Script.once(reply)) { server in
            let failure = try await Wire.download(server.origin).failure
            #expect(failure?.httpStatus == status)
            #expect(failure?.code == (status == 404 ? .urlExpired : .downloadHTTPError))
            #expect(failure?.retryAfter == (status == 302 ? nil : .seconds(5)))
        }
    }

    @Test func tooLargeContentLengthIsRefusedBeforeTheBody() async throws {
        let reply = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(reply)
            peer.waitForClose()
        }) { server in
            let failure = try await Wire.download(server.origin, Wire.configuration(maxImageBytes: 10)).failure
            #expect(failure?.code == .imageTooLarge)
        }
    }

    @Test(arguments: [(10, nil), (11, FailureCode.imageTooLarge)])
    func limitHoldsWhileTheBodyStreams(bytes: Int, code: FailureCode?) async throws {
        let reply = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + String(repeating: "x", count: bytes)
        try await RawServer.withServer(Script.once(reply)) { server in
            let result = try await Wire.download(server.origin, Wire.configuration(maxImageBytes: 10))
            #expect(result.failure?.code == code)
            #expect((result.value?.count == bytes) == (code == nil))
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"])
    func silenceEndsADownload(sent: String) async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(sent)
            peer.waitForClose()
        }) { server in
            let configuration = Wire.configuration(stall: .milliseconds(200))
            let failure = try await Wire.download(server.origin, configuration).failure
            #expect(failure?.code == .timeout)
        }
    }

    @Test func bodyThatOnlyDripsEndsADownload() async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
            peer.waitForClose()
        }) { server in
            let rate = MinimumRate(grace: .zero, bytesPerSecond: .max)
            let failure = try await Wire.download(server.origin, overrides: .init(minimumRate: rate)).failure
            #expect(failure?.code == .timeout)
        }
    }

    @Test func failureOfTheConsumerIsThrownOnAndTheConnectionDropped() async throws {
        let isClosed = Mutex(false)
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
            let closed = peer.waitForClose()
            isClosed.withLock { $0 = closed }
        }) { server in
            let full = JobFailure(.diskFull, at: .store, "No room.")
            try await HTTPTransport.withTransport(Wire.configuration()) { transport in
                var thrown: JobFailure?
                do throws(JobFailure) {
                    try await transport.images.download(server.origin) { _ throws(JobFailure) in throw full }
                } catch { thrown = error }
                #expect(thrown == full)
                try await until { isClosed.withLock { $0 } }
            }
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc"])
    func cancellationIsAnInterruption(sent: String) async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(sent)
            peer.waitForClose()
        }) { server in
            let result = try await cancelled(once: { !server.requests.isEmpty }) {
                try await Wire.download(server.origin)
            }
            #expect(result.failure?.code == .interrupted)
            #expect(result.failure?.stage == .run)
        }
    }
}
