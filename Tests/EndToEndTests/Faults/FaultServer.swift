import Foundation
import Synchronization

/// A server of this machine that does to each request exactly what a script says, legal or not.
///
/// It works on bare sockets, one thread to a connection and one request to a connection, so that no library keeps it
/// from sending what no library would send. It ends with its last owner.
final class FaultServer: Sendable {
    typealias Script = @Sendable (Exchange) -> [Act]

    /// `http://ADDRESS:PORT`
    let url: String
    private let core: Core

    /// - Parameters:
    ///   - address: an IPv4 address of this machine.
    ///   - elsewhere: the url of another server, for scripts that point there.
    init(address: String = "127.0.0.1", elsewhere: String = "", _ script: @escaping Script) throws {
        let (listener, port) = try Listening.on(address)
        let url = "http://\(address):\(port)"
        self.url = url
        core = Core(listener: listener, url: url, elsewhere: elsewhere, script: script)
        Thread.detachNewThread { [core] in core.accept() }
    }

    deinit { core.stop() }

    /// The heads of all requests so far.
    var heads: [String] { core.state.withLock { $0.heads } }

    /// From now on scripts are told that the fault is over.
    func heal() { core.state.withLock { $0.isHealed = true } }

    /// The part that the threads share; it lives until the last of them has ended.
    private final class Core: Sendable {
        struct State {
            var heads: [String] = []
            var counts: [String: Int] = [:]
            var isHealed = false
            var isStopped = false
        }

        let state = Mutex(State())
        private let listener: Int32
        private let url: String
        private let elsewhere: String
        private let script: Script

        init(listener: Int32, url: String, elsewhere: String, script: @escaping Script) {
            self.listener = listener
            self.url = url
            self.elsewhere = elsewhere
            self.script = script
        }

        func stop() {
            state.withLock { $0.isStopped = true }
            shutdown(listener, Int32(SHUT_RDWR))
        }

        func accept() {
            while true {
                let socket = Glibc.accept(listener, nil, nil)
                if socket < 0 {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    break
                }
                Thread.detachNewThread { [self] in
                    serve(Peer(socket: socket))
                    close(socket)
                }
            }
            close(listener)
        }

        private func serve(_ peer: Peer) {
            guard let head = peer.readHead() else { return }
            let target = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            let exchange = state.withLock { state in
                state.heads.append(head)
                state.counts[target, default: 0] += 1
                return Exchange(
                    target: target, count: state.counts[target] ?? 0, isHealed: state.isHealed, home: url,
                    elsewhere: elsewhere)
            }
            for act in script(exchange) where !state.withLock({ $0.isStopped }) {
                peer.play(act)
            }
        }
    }
}

/// One request, as a script sees it.
struct Exchange: Sendable {
    /// Path and query.
    let target: String
    /// How often this target was asked for, this time included.
    let count: Int
    /// The fault is over; a good reply is wanted.
    let isHealed: Bool
    /// The url of this server.
    let home: String
    /// The url of another one.
    let elsewhere: String

    /// The job that the target is about.
    var id: String {
        String((target.split(separator: "/").last ?? "").prefix(36))
    }

    var isPoll: Bool { target.hasPrefix("/pictoryapis/") }
}

enum Listening {
    /// A listening socket on a free port of an address.
    static func on(_ text: String = "127.0.0.1", backlog: Int32 = 1024) throws -> (socket: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, text, &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, backlog) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard listener >= 0, isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    /// A port on which nobody listens just now.
    static func freePort() throws -> UInt16 {
        let (socket, port) = try on()
        close(socket)
        return port
    }
}
