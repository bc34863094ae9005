import Foundation
import NIOCore
import Synchronization

@testable import HTTPTransport

/// A proxy on loopback that takes every tunnel to one port of this machine, and keeps what passes through.
final class RawProxy: Sendable {
    private let server: RawServer
    private let tap: Tap

    private init(_ server: RawServer, _ tap: Tap) {
        self.server = server
        self.tap = tap
    }

    /// The first lines of all requests that were made to the proxy itself.
    var requestLines: [String] { server.requests.compactMap { $0.split(separator: "\r\n").first.map(String.init) } }
    /// The lines of the first request that was made to the proxy itself.
    var firstRequest: [String] { server.requests.first?.split(separator: "\r\n").map(String.init) ?? [] }
    var connections: Int { server.connections }
    /// How many bytes clients sent through the tunnels.
    var bytesPassed: Int { tap.bytes.withLock { $0.count } }

    /// Whether the proxy could read this, in a request to it or in what passed through.
    func hasSeen(_ text: String) -> Bool {
        server.requests.contains { $0.contains(text) }
            || tap.bytes.withLock { String(decoding: $0, as: UTF8.self).contains(text) }
    }

    /// How the environment would name it.
    func variable(_ name: String, user: String = "") -> ProxySettings.Variable {
        .init(name: name, value: "http://\(user)127.0.0.1:\(server.port)")
    }

    /// Lends a running proxy; `port` is where all its tunnels end.
    static func withProxy<R>(tunnelsTo port: Int, _ body: (RawProxy) async throws -> R) async throws -> R {
        let tap = Tap()
        return try await RawServer.withServer({ peer in
            guard peer.receive() != nil, let far = dial(port) else { return }
            peer.send("HTTP/1.1 200 Connection established\r\n\r\n")
            pass(between: peer, and: far, tap)
        }) { server in
            try await body(RawProxy(server, tap))
        }
    }

    /// Lends a proxy that follows a script.
    static func withProxy<R>(
        _ script: @escaping @Sendable (Peer) -> Void, _ body: (RawProxy) async throws -> R
    ) async throws -> R {
        try await RawServer.withServer(script) { try await body(RawProxy($0, Tap())) }
    }

    private final class Tap: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    private static func dial(_ port: Int) -> Peer? {
        let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let status = try? SocketAddress(ipAddress: "127.0.0.1", port: port).withSockAddr { address, length in
            connect(far, address, socklen_t(length))
        }
        // No connection is what the client under test is told of by the end of its own.
        guard status == 0 else {
            close(far)
            return nil
        }
        return Peer(socket: far) { _ in }
    }

    /// Passes bytes on in both directions until one side ends.
    private static func pass(between near: Peer, and far: Peer, _ tap: Tap) {
        let back = DispatchGroup()
        back.enter()
        Thread.detachNewThread {
            while let bytes = far.receiveSome() { near.send(bytes) }
            shutdown(near.socket, Int32(SHUT_RDWR))
            back.leave()
        }
        while let bytes = near.receiveSome() {
            tap.bytes.withLock { $0 += bytes }
            far.send(bytes)
        }
        shutdown(far.socket, Int32(SHUT_RDWR))
        back.wait()
        close(far.socket)
    }
}

extension Peer {
    /// Waits for bytes; nil when the other side has ended.
    fileprivate func receiveSome() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }
}
