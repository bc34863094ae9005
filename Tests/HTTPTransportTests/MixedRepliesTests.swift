import FetchCore
import Testing

@testable import HTTPTransport

@Suite("Ordinary replies and others over one connection", .timeLimit(.minutes(1)))
struct MixedRepliesTests {
    /// Each says "image", and leaves the connection open.
    private static let replies = [
        Script.reply(200, "image"),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nim\r\n3\r\nage\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nimage",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nimage",
        "HTTP/1.1 200 OK\r\nLocation: /elsewhere\r\nContent-Length: 5\r\n\r\nimage",
    ]

    /// Gives one reply after the other, for ever, and each of them as `send` does.
    private func images(
        _ count: Int, _ send: @escaping @Sendable (Peer, [UInt8]) -> Void
    ) async throws -> (bodies: [String], connections: Int) {
        try await RawServer.withServer({ peer in
            var turn = 0
            while peer.receive() != nil {
                send(peer, Array(Self.replies[turn % Self.replies.count].utf8))
                turn += 1
            }
        }) { server in
            var bodies: [String] = []
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                for _ in 0..<count {
                    var body: [UInt8] = []
                    try await transport.images.download(server.origin + "/a.png") { bytes in
                        bytes.withUnsafeBytes { body += $0 }
                    }
                    bodies.append(String(decoding: body, as: UTF8.self))
                }
            }
            return (bodies, server.connections)
        }
    }

    @Test func everyKindOfReplyMayFollowEveryOther() async throws {
        let (bodies, connections) = try await images(3 * Self.replies.count) { $0.send($1) }
        #expect(bodies == Array(repeating: "image", count: 3 * Self.replies.count))
        #expect(connections == 1)
    }

    @Test func replyMayComeByteByByte() async throws {
        let (bodies, connections) = try await images(Self.replies.count) { peer, reply in
            for byte in reply {
                peer.send([byte])
                peer.pause(milliseconds: 1)
            }
        }
        #expect(bodies == Array(repeating: "image", count: Self.replies.count))
        #expect(connections == 1)
    }

    @Test func headMayComeAloneAndTheBodyInPieces() async throws {
        try await RawServer.withServer({ peer in
            while peer.receive() != nil {
                for piece in ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "im", "age"] {
                    peer.send(piece)
                    peer.pause(milliseconds: 20)
                }
            }
        }) { server in
            let value = try await Wire.download(server.origin).value
            #expect(value == Array("image".utf8))
        }
    }

    @Test func replyWithoutABodyIsWholeAtOnce() async throws {
        let (bodies, connections) = try await Wire.bodies(3, of: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(bodies == ["", "", ""])
        #expect(connections == 1)
    }

    @Test func connectionWithASurplusIsNotUsedAgain() async throws {
        let (bodies, connections) = try await Wire.bodies(3, of: Script.reply(200, "image") + "!")
        #expect(bodies == ["image", "image", "image"])
        #expect(connections == 3)
    }

    @Test func bodyThatEndsTooEarlyIsTruncated() async throws {
        let reply = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nimage"
        try await RawServer.withServer(Script.once(reply)) { server in
            let failure = try await Wire.download(server.origin).failure
            #expect(failure?.code == .truncated)
        }
    }
}
