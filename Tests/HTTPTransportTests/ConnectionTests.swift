import FetchCore
import NIOCore
import NIOPosix
import Synchronization
import Testing
import WebAddress

@testable import HTTPTransport

@Suite("The connections of a run", .timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test func requestRunsOnTheLoopThatItsTaskPrefers() async throws {
        try await RawServer.withServer(Script.always(Script.reply(200, "{}"))) { server in
            var configuration = Wire.configuration(api: server.origin)
            configuration.eventLoops = 2
            try await HTTPTransport.withTransport(configuration) { transport in
                try #require(transport.executors.count == 2)
                for executor in transport.executors {
                    try await withTaskExecutorPreference(executor) {
                        for _ in 0..<10 { _ = try await transport.api.get("/") }
                    }
                }
            }
            // Each loop has made one, and kept it.
            #expect(server.connections == 2)
            #expect(server.requests.count == 20)
        }
    }

    @Test func requestOverAConnectionThatHasJustFailedFailsAsThat() async throws {
        // Between the moment that it is ready and its first request, the server may hang up.
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let failed = try await loop.submit {
            let connection = HTTP1Connection(on: loop)
            connection.fail(ConnectionError.hangUp)
            connection.send(
                GetRequest(target: "/", scheme: .http, authority: "api.test", fields: HeaderFields()), due: .now())
            return NIOLoopBound(connection, eventLoop: loop)
        }.get()
        await withTaskExecutorPreference(EventLoopExecutor(loop)) {
            let connection = failed.value
            await #expect(throws: ConnectionError.hangUp) { try await connection.parts.nextHead() }
            #expect(!connection.isReusable)
        }
    }

    @Test func redirectWithAShortBodyCostsNoConnection() async throws {
        let image = Script.reply(200, "image")
        let moved = Script.reply(302, "moved", headers: ["Location: /image"])
        try await RawServer.withServer(Script.byPath(["/": moved, "/image": image])) { server in
            let value = try await Wire.download(server.origin).value
            #expect(value == Array("image".utf8))
            #expect(server.connections == 1)
        }
    }

    @Test(arguments: ["Connection: close\r\n", "connection: CLOSE\r\n"])
    func connectionThatTheServerWillCloseIsNotUsedAgain(header: String) async throws {
        let reply = "HTTP/1.1 200 OK\r\n\(header)Content-Length: 2\r\n\r\n{}"
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(reply)
            // It stays open for a while: what is asked over it now would be lost.
            peer.waitForClose()
        }) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                for _ in 0..<3 {
                    let reply = try await transport.api.get("/")
                    #expect(reply.status == 200)
                }
            }
            #expect(server.connections == 3)
        }
    }

    @Test func connectionThatWasClosedWhileItRestedIsNotUsedAgain() async throws {
        let closed = Mutex(0)
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(Script.reply(200, "{}"))
            // The script ends, and with it the connection.
            closed.withLock { $0 += 1 }
        }) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                _ = try await transport.api.get("/")
                try await until { closed.withLock { $0 == 1 } }
                // The end of the connection may be on its way still, and then this request meets it.
                var replies = 0
                while replies == 0 {
                    do throws(JobFailure) {
                        _ = try await transport.api.get("/")
                        replies += 1
                    } catch {
                        #expect(error.code == .connectionFailed)
                    }
                }
            }
            #expect(server.connections >= 2)
        }
    }

    @Test func bodyOfManyTinyChunksArrivesWhole() async throws {
        let count = 50_000
        let chunks = String(repeating: "1\r\nx\r\n", count: count)
        let reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n"
        try await RawServer.withServer(Script.always(reply)) { server in
            let value = try await Wire.download(server.origin).value
            #expect(value == Array(repeating: UInt8(ascii: "x"), count: count))
        }
    }

    @Test func silenceIsCountedFromTheLastByte() async throws {
        // Longer than the stall timeout in all, and never silent for as long.
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n")
            for _ in 0..<12 {
                peer.send("x")
                peer.pause(milliseconds: 100)
            }
        }) { server in
            let value = try await Wire.download(server.origin, Wire.configuration(stall: .seconds(1))).value
            #expect(value?.count == 12)
        }
    }
}
