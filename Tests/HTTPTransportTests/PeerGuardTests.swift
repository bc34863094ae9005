import FetchCore
import NIOCore
import Synchronization
import Testing
import WebAddress

@testable import HTTPTransport

@Suite("The guard of image connections", .timeLimit(.minutes(1)))
struct PeerGuardTests {
    @Test func nameThatLeadsToAPrivateAddressGetsNoRequest() async throws {
        let isClosed = Mutex(false)
        try await RawServer.withServer({ peer in
            while peer.receive() != nil {}
            isClosed.withLock { $0 = true }
        }) { server in
            let configuration = Wire.configuration(api: "https://api.test", allowHTTP: true)
            let failure = try await Wire.download(
                "http://images.test:\(server.port)/x?sig=1", configuration,
                overrides: .init(names: ["images.test": "127.0.0.1"])
            ).failure
            #expect(failure?.code == .urlRejected)
            #expect(failure?.message.contains("sig") == false)
            #expect(server.requests.isEmpty)
            try await until { isClosed.withLock { $0 } }
        }
    }

    @Test func hostThatWasNamedMayBePrivate() async throws {
        try await RawServer.withServer(Script.once(Script.reply(200, "image"))) { server in
            let configuration = Wire.configuration(
                api: "https://api.test", allowHTTP: true, allowedHosts: ["images.test"])
            let result = try await Wire.download(
                "http://images.test:\(server.port)/", configuration,
                overrides: .init(names: ["images.test": "127.0.0.1"]))
            #expect(result.value == Array("image".utf8))
        }
    }

    @Test func rejectedUrlMakesNoConnection() async throws {
        try await RawServer.withServer(Script.always(Script.reply(200, "image"))) { server in
            let configuration = Wire.configuration(api: "https://api.test")
            let failure = try await Wire.download(server.origin, configuration).failure
            #expect(failure?.code == .urlRejected)
            #expect(server.connections == 0)
        }
    }

    @Test(arguments: ["127.0.0.1", "203.0.113.9", "::1", "2001:db8::7", "::ffff:10.0.0.1", "fe80::1"])
    func socketHasTheAddressOfItsText(text: String) throws {
        let socket = try SocketAddress(ipAddress: text, port: 443)
        #expect(IPAddress(socket) == IPAddress(text))
        #expect(IPAddress(socket) != nil)
    }
}
