import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

/// A server of HTTP/2 on loopback that answers each request with the frames its script says, sensible or not.
final class HTTP2Server: Sendable {
    /// A request, as it arrived.
    struct Request: Sendable {
        /// Which connection, and which of its requests, from 1.
        let connection: Int
        let number: Int
        let stream: HTTP2StreamID
        let fields: HPACKHeaders

        var path: String { fields.first(name: ":path") ?? "" }
        var authority: String { fields.first(name: ":authority") ?? "" }
    }

    /// What the server does in answer to a request.
    enum Action: Sendable {
        case frame(HTTP2Frame)
        /// Ends the connection without a word.
        case close
    }

    typealias Script = @Sendable (Request) -> [Action]

    /// Most requests in flight at once that a connection has seen.
    var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }
    var connections: Int { state.withLock { $0.connections } }
    var requests: [Request] { state.withLock { $0.requests } }
    /// Bytes of bodies that were given to the socket.
    var bytesSent: Int { state.withLock { $0.bytesSent } }
    /// Streams that the client has called off.
    var cancelled: Int { state.withLock { $0.cancelled } }

    private struct State {
        var connections = 0
        var requests: [Request] = []
        var mostAtOnce = 0
        var cancelled = 0
        var bytesSent = 0
    }

    private let state = Mutex(State())
    private let script: Script
    private let settings: [HTTP2Setting]

    private init(_ settings: [HTTP2Setting], _ script: @escaping Script) {
        self.settings = settings
        self.script = script
    }

    /// Lends a running server; `body` gets its port. It speaks HTTP/2 alone.
    static func withServer<R>(
        _ certificate: ThrowawayCertificate, settings: [HTTP2Setting] = [],
        script: @escaping Script, _ body: (HTTP2Server, Int) async throws -> R
    ) async throws -> R {
        let server = HTTP2Server(settings, script)
        return try await TLSListener.withPort(
            certificate, protocols: ["h2"],
            handlers: { _ in
                let number = server.state.withLock {
                    $0.connections += 1
                    return $0.connections
                }
                var frames = NIOHTTP2Handler.ConnectionConfiguration()
                frames.initialSettings = server.settings
                // What is wrong on purpose is not to be mended here.
                frames.headerBlockValidation = .disabled
                frames.contentLengthValidation = .disabled
                return [
                    NIOHTTP2Handler(mode: .server, connectionConfiguration: frames), Peer(server, number),
                ]
            }, { try await body(server, $0) })
    }

    /// One connection.
    private final class Peer: ChannelInboundHandler {
        typealias InboundIn = HTTP2Frame
        typealias OutboundOut = HTTP2Frame

        private let server: HTTP2Server
        private let number: Int
        private var requests = 0
        private var open: Set<HTTP2StreamID> = []

        init(_ server: HTTP2Server, _ number: Int) {
            self.server = server
            self.number = number
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let frame = unwrapInboundIn(data)
            switch frame.payload {
            case .headers(let headers): take(headers.headers, on: frame.streamID, context)
            case .rstStream: server.state.withLock { $0.cancelled += 1 }
            default: break
            }
        }

        private func take(_ fields: HPACKHeaders, on stream: HTTP2StreamID, _ context: ChannelHandlerContext) {
            requests += 1
            open.insert(stream)
            let request = Request(connection: number, number: requests, stream: stream, fields: fields)
            server.state.withLock {
                $0.requests.append(request)
                $0.mostAtOnce = max($0.mostAtOnce, open.count)
            }
            for action in server.script(request) {
                switch action {
                case .frame(let frame): context.write(wrapOutboundOut(frame), promise: counting(frame, context))
                case .close: return context.close(promise: nil)
                }
            }
            context.flush()
        }

        /// A promise that counts the bytes of a body; nil for another frame.
        private func counting(_ frame: HTTP2Frame, _ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
            guard case .data(let data) = frame.payload else { return nil }
            let promise = context.eventLoop.makePromise(of: Void.self)
            let bytes = data.data.readableBytes
            promise.futureResult.whenSuccess { [server] in server.state.withLock { $0.bytesSent += bytes } }
            return promise
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let closed = event as? StreamClosedEvent { open.remove(closed.streamID) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

extension [HTTP2Server.Action] {
    /// A whole reply, in pieces of at most so many bytes.
    static func reply(
        to request: HTTP2Server.Request, _ status: Int = 200, _ body: String = "{}", fields: [(String, String)] = [],
        piece: Int = 16384
    ) -> Self {
        let bytes = Array<UInt8>(body.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: piece).map { bytes[$0..<Swift.min($0 + piece, bytes.count)] }
        return head(of: request, status, fields, isEnd: pieces.isEmpty)
            + pieces.enumerated().map { index, piece in
                .frame(
                    HTTP2Frame(
                        streamID: request.stream,
                        payload: .data(
                            .init(
                                data: .byteBuffer(ByteBuffer(bytes: piece)), endStream: index == pieces.count - 1))))
            }
    }

    static func head(
        of request: HTTP2Server.Request, _ status: Int, _ fields: [(String, String)] = [], isEnd: Bool = false
    ) -> Self {
        [
            .frame(
                HTTP2Frame(
                    streamID: request.stream,
                    payload: .headers(
                        .init(headers: HPACKHeaders([(":status", "\(status)")] + fields), endStream: isEnd))))
        ]
    }

    static func reset(_ request: HTTP2Server.Request, _ code: HTTP2ErrorCode) -> Self {
        [.frame(HTTP2Frame(streamID: request.stream, payload: .rstStream(code)))]
    }

    static func goAway(after stream: HTTP2StreamID) -> Self {
        [
            .frame(
                HTTP2Frame(
                    streamID: .rootStream,
                    payload: .goAway(lastStreamID: stream, errorCode: .noError, opaqueData: nil)))
        ]
    }
}
