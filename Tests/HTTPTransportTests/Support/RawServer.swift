import Foundation
import NIOCore
import Synchronization

/// A server on loopback that sends exactly the bytes its script says, sensible or not.
///
/// Every connection runs the script on a thread of its own, with blocking calls.
final class RawServer: Sendable {
    struct Failure: Error {
        let call: String
        let code = errno
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var connections = 0
        var requests: [String] = []
    }

    /// How many connections were accepted.
    var connections: Int { state.withLock { $0.connections } }
    /// The heads of all requests, in the order of their arrival.
    var requests: [String] { state.withLock { $0.requests } }
    var origin: String { "http://127.0.0.1:\(port)" }

    private init(port: Int, listener: Int32) {
        self.port = port
        self.listener = listener
    }

    /// Lends a running server.
    static func withServer<R>(
        _ script: @escaping @Sendable (Peer) -> Void, _ body: (RawServer) async throws -> R
    ) async throws -> R {
        let (listener, port) = try listen()
        let server = RawServer(port: port, listener: listener)
        Thread.detachNewThread { server.accept(script) }
        // Closing alone would not wake the thread that waits in accept.
        defer { shutdown(listener, Int32(SHUT_RDWR)) }
        return try await body(server)
    }

    /// A port of loopback on which nobody listens.
    static func deafPort() throws -> Int {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    private func accept(_ script: @escaping @Sendable (Peer) -> Void) {
        defer { close(listener) }
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            guard socket >= 0 else { return }
            state.withLock { $0.connections += 1 }
            Thread.detachNewThread {
                script(Peer(socket: socket) { request in self.state.withLock { $0.requests.append(request) } })
                close(socket)
            }
        }
    }

    private static func listen() throws -> (socket: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw Failure(call: "socket") }
        let status = try SocketAddress(ipAddress: "127.0.0.1", port: 0).withSockAddr { address, length in
            bind(listener, address, socklen_t(length)) == 0 ? Glibc.listen(listener, 16) : -1
        }
        // The fields of sockaddr_in belong to whichever C module was seen first; its bytes are the same for all.
        var name = [UInt8](repeating: 0, count: 16)
        var length = socklen_t(name.count)
        let known = name.withUnsafeMutableBytes { bytes -> Int32 in
            guard let address = bytes.bindMemory(to: sockaddr.self).baseAddress else { return -1 }
            return getsockname(listener, address, &length)
        }
        guard status == 0, known == 0 else {
            close(listener)
            throw Failure(call: "bind")
        }
        return (listener, Int(name[2]) << 8 | Int(name[3]))
    }
}

/// One accepted connection, as its script sees it.
struct Peer: Sendable {
    let socket: Int32
    let log: @Sendable (String) -> Void

    /// Waits for the next request and returns its head; nil when the client has gone.
    @discardableResult
    func receive() -> String? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(socket, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        let text = String(decoding: head, as: UTF8.self)
        log(text)
        return text
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends all bytes, or what the client takes of them before it goes.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends nothing for a while.
    func pause(milliseconds: UInt32) { usleep(1000 * milliseconds) }

    /// Has the connection end with RST instead of FIN when the script returns.
    func resetAtEnd() {
        let linger: [Int32] = [1, 0]  // on, for no time at all
        setsockopt(socket, SOL_SOCKET, SO_LINGER, linger, socklen_t(8))
    }

    /// Waits until the client has closed its end; says whether it ever does.
    @discardableResult
    func waitForClose() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = recv(socket, &byte, 1, 0)
            if count <= 0 { return true }
        }
    }
}
