import FetchCore
import Testing

@testable import HTTPTransport

@Suite("A folded or foreign head on the wire", .timeLimit(.minutes(1)))
struct HTTPTransportFoldingTests {
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\t2\r\nX: a\r\n \r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: a,\r\n b\r\n\r\nHTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
    ])
    func foldedReplyIsRead(reply: String) async throws {
        let (bodies, connections) = try await Wire.bodies(3, of: reply)
        #expect(bodies == ["{}", "{}", "{}"])
        #expect(connections == 1)
    }

    @Test func foldedReplyIsReadByteByByte() async throws {
        let reply = "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\n{}"
        try await RawServer.withServer({ peer in
            peer.receive()
            for byte in reply.utf8 {
                peer.send([byte])
                peer.pause(milliseconds: 1)
            }
        }) { server in
            let value = try await Wire.get(Wire.configuration(api: server.origin)).value
            #expect(value?.body == Array("{}".utf8))
        }
    }

    @Test func lengthThatIsFoldedInTwoIsNone() async throws {
        let reply = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 0\r\n\r\n0123456789"
        try await RawServer.withServer(Script.once(reply)) { server in
            let failure = try await Wire.get(Wire.configuration(api: server.origin)).failure
            #expect(failure?.code == .invalidResponse)
        }
    }

    @Test func lineThatContinuesNoFieldIsRefused() async throws {
        let reply = "HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 2\r\n\r\n{}"
        try await RawServer.withServer(Script.once(reply)) { server in
            let failure = try await Wire.get(Wire.configuration(api: server.origin)).failure
            #expect(failure?.code == .invalidResponse)
        }
    }

    @Test func bodyThatLooksFoldedIsNotTouched() async throws {
        let body = "X: a\r\n b\r\n\r\nLocation: \u{fc}\r\n c"
        try await RawServer.withServer(Script.always(Script.reply(200, body, headers: ["X: a\r\n b"]))) { server in
            let value = try await Wire.download(server.origin).value
            #expect(value == Array(body.utf8))
        }
    }

    @Test func foldedReplyOfAProxyIsRead() async throws {
        try await RawProxy.withProxy({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n")
            peer.waitForClose()
        }) { proxy in
            let configuration = Wire.configuration(
                api: "https://api.test", request: .milliseconds(300),
                proxies: ProxySettings(https: proxy.variable("HTTPS_PROXY")))
            // The tunnel stands, and TLS gets no answer through it.
            let code = try await Wire.get(configuration).failure?.code
            #expect(code == .timeout)
        }
    }

    /// The first is what `Location` says, a byte for each letter, and the second what is then asked for.
    @Test(arguments: [
        ("/my image.png", "/my%20image.png"), ("/i.png  ", "/i.png"), ("\r\n /i.png", "/i.png"),
        ("/b\u{fc}cher?\u{e9}", "/b%FCcher?%E9"), ("/b\u{c3}\u{bc}cher", "/b%C3%BCcher"),
        ("\\i\\a.png", "/i/a.png"), ("/a%20b%2fc", "/a%20b%2fc"),
    ])
    func locationIsEncodedAsBrowsersDo(location: String, target: String) async throws {
        try await RawServer.withServer({ peer in
            while let head = peer.receive() {
                if head.hasPrefix("GET /start ") {
                    peer.send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ")
                    peer.send(location.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
                    peer.send("\r\n\r\n")
                } else {
                    peer.send(Script.reply(200, "image"))
                }
            }
        }) { server in
            let result = try await Wire.download(server.origin + "/start")
            #expect(result.value == Array("image".utf8))
            #expect(server.requests.last?.hasPrefix("GET \(target) HTTP/1.1\r\n") == true)
        }
    }
}
