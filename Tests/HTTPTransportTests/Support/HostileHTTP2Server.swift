import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// A server on loopback that agrees on HTTP/2 and then sends bytes of any kind in answer to the first request.
final class HostileHTTP2Server: Sendable {
    /// What it sends.
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Sent first; by default an empty frame of SETTINGS, as every server has to.
        var preface = RawFrame.settings
        var opening: [UInt8] = []
        /// Sent again and again after that.
        var flood: [UInt8] = []
        /// How many times, in hundreds, unless the client closes the connection before.
        var times = 0
        /// What is sent in answer to each frame, by its type and stream, in place of all this.
        var answer: (@Sendable (_ type: UInt8, _ stream: UInt32) -> [UInt8])?
        /// Nothing more is sent, but the connection stays open.
        var staysOpen = true
    }

    private struct State {
        var connections = 0
        var floods = 0
        var closedByClient = 0
    }

    private let state = Mutex(State())
    var connections: Int { state.withLock { $0.connections } }
    /// How many times the flood was sent, over all connections.
    var floods: Int { state.withLock { $0.floods } }
    /// Connections that the client has closed.
    var closedByClient: Int { state.withLock { $0.closedByClient } }

    /// Lends a running server; `body` gets its port.
    static func withServer<R>(
        _ certificate: ThrowawayCertificate, _ attack: Attack, _ body: (HostileHTTP2Server, Int) async throws -> R
    ) async throws -> R {
        let server = HostileHTTP2Server()
        return try await TLSListener.withPort(
            certificate, protocols: ["h2"],
            handlers: { _ in
                server.state.withLock { $0.connections += 1 }
                return [Attacker(attack, server)]
            }, { try await body(server, $0) })
    }

    /// One connection.
    private final class Attacker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let attack: Attack
        private let server: HostileHTTP2Server
        private var received = ByteBuffer()
        private var hasBegun = false
        private var left: Int
        private let portion: ByteBuffer
        private static let portionCount = 100

        init(_ attack: Attack, _ server: HostileHTTP2Server) {
            self.attack = attack
            self.server = server
            left = attack.times
            portion = ByteBuffer(bytes: Array(repeating: attack.flood, count: Self.portionCount).joined())
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            received.writeBuffer(&bytes)
            if let answer = attack.answer { return reply(by: answer, context) }
            guard !hasBegun, RawFrame.holdsRequest(received) else { return }
            hasBegun = true
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: attack.preface + attack.opening)), promise: nil)
            goOn(context)
        }

        private func reply(by answer: (UInt8, UInt32) -> [UInt8], _ context: ChannelHandlerContext) {
            if !hasBegun {
                guard received.readBytes(length: RawFrame.clientMagicLength) != nil else { return }
                hasBegun = true
                context.write(wrapOutboundOut(ByteBuffer(bytes: attack.preface)), promise: nil)
            }
            while let (type, stream) = RawFrame.read(from: &received) {
                context.write(wrapOutboundOut(ByteBuffer(bytes: answer(type, stream))), promise: nil)
            }
            context.flush()
        }

        /// As fast as the client reads, in portions, so that it can answer in between.
        private func goOn(_ context: ChannelHandlerContext) {
            guard left > 0 else {
                if !attack.staysOpen { context.close(promise: nil) }
                return
            }
            left -= Self.portionCount
            let sent = context.eventLoop.makePromise(of: Void.self)
            context.writeAndFlush(wrapOutboundOut(portion), promise: sent)
            sent.futureResult.assumeIsolated().whenSuccess {
                self.server.state.withLock { $0.floods += Self.portionCount }
                // Others have their turn on this loop.
                context.eventLoop.assumeIsolated().execute { self.goOn(context) }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            server.state.withLock { $0.closedByClient += 1 }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

/// Frames of HTTP/2 as bytes (RFC 9113, section 4.1).
enum RawFrame {
    static let settings = frame(4)
    /// The head of a reply: `:status: 200`, by the static table (RFC 7541, appendix A).
    static let head = frame(1, flags: endHeaders, stream: 1, [0x88])
    static let endStream: UInt8 = 1
    static let endHeaders: UInt8 = 4

    static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let length = UInt32(payload.count)
        return [UInt8(truncatingIfNeeded: length >> 16), UInt8(truncatingIfNeeded: length >> 8)]
            + [UInt8(truncatingIfNeeded: length), type, flags]
            + stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: stream >> UInt32($0)) } + payload
    }

    /// A field that is kept in the dynamic table, or not, without Huffman's code.
    static func field(_ name: String, _ value: String, isIndexed: Bool = false) -> [UInt8] {
        [isIndexed ? 0x40 : 0] + string(name) + string(value)
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var (length, rest) = ([UInt8(127)], bytes.count - 127)
        while rest >= 128 {
            length.append(UInt8(rest % 128 + 128))
            rest /= 128
        }
        return length + [UInt8(rest)] + bytes
    }

    /// "PRI * HTTP/2.0", and the empty lines after it.
    static let clientMagicLength = 24

    /// Whether a client's first bytes hold a whole request.
    static func holdsRequest(_ bytes: ByteBuffer) -> Bool {
        var bytes = bytes
        guard bytes.readBytes(length: clientMagicLength) != nil else { return false }
        while let (type, _) = read(from: &bytes) { if type == 1 { return true } }
        return false
    }

    /// Takes a whole frame from the bytes, and returns its type and stream; nil if there is none.
    static func read(from bytes: inout ByteBuffer) -> (type: UInt8, stream: UInt32)? {
        var rest = bytes
        guard
            let (high, low, type, _, stream) = rest.readMultipleIntegers(
                as: (UInt16, UInt8, UInt8, UInt8, UInt32).self),
            rest.readSlice(length: Int(high) << 8 | Int(low)) != nil
        else { return nil }
        bytes = rest
        return (type, stream)
    }
}
