import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import WebAddress

/// Makes connections: name look-up, socket, check of the peer, tunnel and TLS, all within the connect timeout.
///
/// Belongs to one event loop. If a name has several addresses, the first that answers is used (RFC 8305).
struct Dialer: Sendable {
    let loop: any EventLoop
    let tls: TLSClient
    /// Time from the look-up of the name to the end of the TLS handshake.
    let timeout: TimeAmount
    /// Most bytes that are read at once of an image host, where the rate is limited; nil for as many as there are.
    let imageReadBytes: Int?
    /// Names, and the address or name that is connected to instead; for tests.
    let names: [String: String]

    /// Makes a connection that is ready for its first request.
    ///
    /// - Throws: the error of the first step that failed, or `CancellationError` at once when the task is cancelled.
    func connect(_ route: Route, by deadline: NIODeadline) async throws -> Connection {
        let attempt = Attempt(self, route)
        let handle = NIOLoopBound(attempt, eventLoop: loop)
        let connection = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                attempt.begin(by: min(deadline, .now() + timeout)) { continuation.resume(with: $0) }
            }
        } onCancel: {
            loop.execute { handle.value.end(.failure(CancellationError())) }
        }
        return connection.value
    }

    /// Makes the type of the decoder known to the runtime; to be called before there are connections.
    ///
    /// Swift's runtime (6.3) makes the metadata of a generic type at its first use. It has been seen to crash when two
    /// event loops did that at the same moment.
    static func prepareTypes() { preparedTypes }

    /// Made once, by one thread.
    private static let preparedTypes: Void = {
        _ = responseDecoder(leftOverBytes: .dropBytes)
    }()

    private static func responseDecoder(
        leftOverBytes: RemoveAfterUpgradeStrategy
    ) -> ByteToMessageHandler<HTTPResponseDecoder> {
        ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: leftOverBytes))
    }

    /// Adds the handlers of a new channel.
    ///
    /// The connection is the last one from the start, so that it gets every error of the handlers before it.
    fileprivate func prepare(_ channel: any Channel, _ route: Route, by deadline: NIODeadline) throws -> Connection {
        let pipeline = channel.pipeline.syncOperations
        let connection = Connection(route, on: loop, awaitsTLS: route.origin?.scheme == .https)
        if route.mustBePublic { try pipeline.addHandler(PeerGuard()) }
        try pipeline.addHandler(connection)
        if let proxy = route.tunnelProxy, let origin = route.origin {
            try askForTunnel(to: origin, through: proxy, by: deadline, before: connection, in: pipeline)
        } else {
            try speakHTTP(before: connection, in: pipeline)
        }
        return connection
    }

    /// Adds the handlers of HTTP, and TLS before them if the route needs it.
    private func speakHTTP(
        before connection: Connection, in pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        var handlers: [any ChannelHandler] = []
        if let origin = connection.route.origin, origin.scheme == .https {
            handlers.append(try tls.handler(for: origin))
        }
        // Bytes after the end of a reply are dropped, and the connection with them.
        handlers += [
            connection.writer, connection.reply, Self.responseDecoder(leftOverBytes: .dropBytes),
        ]
        try pipeline.addHandlers(handlers, position: .before(connection))
    }

    /// Adds the handlers that ask the proxy for a tunnel; when it is open, those of HTTP take their place.
    private func askForTunnel(
        to origin: WebURL.Origin, through proxy: ProxyServer, by deadline: NIODeadline, before connection: Connection,
        in pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        let encoder = HTTPRequestEncoder()
        let reply = ReplyStartHandler()
        let decoder = Self.responseDecoder(leftOverBytes: .forwardBytes)
        let established = loop.makePromise(of: Void.self)
        let ask = NIOHTTP1ProxyConnectHandler(
            targetHost: origin.host.text, targetPort: origin.port, headers: proxy.connectHeaders(to: origin),
            deadline: deadline, promise: established)
        try pipeline.addHandlers([encoder, reply, decoder, ask], position: .before(connection))
        established.futureResult.assumeIsolated().whenSuccess {
            let removed = [
                pipeline.removeHandler(encoder), pipeline.removeHandler(reply), pipeline.removeHandler(decoder),
            ]
            EventLoopFuture.andAllSucceed(removed, on: loop).assumeIsolated().whenComplete { _ in
                do {
                    try speakHTTP(before: connection, in: pipeline)
                } catch {
                    connection.fail(error)
                }
            }
        }
    }
}

extension Dialer {
    /// One attempt to connect. It ends once; a channel that opens after that is closed.
    private final class Attempt {
        private let dialer: Dialer
        private let route: Route
        private var whenEnded: ((Result<NIOLoopBound<Connection>, any Error>) -> Void)?
        private var hasEnded = false
        private var timer: Scheduled<Void>?
        /// The name was looked up, or there was no name.
        private var isResolved = false
        /// The connections of the channels that were tried.
        private var connections: [ObjectIdentifier: Connection] = [:]

        init(_ dialer: Dialer, _ route: Route) {
            self.dialer = dialer
            self.route = route
        }

        func begin(
            by deadline: NIODeadline, whenEnded: @escaping (Result<NIOLoopBound<Connection>, any Error>) -> Void
        ) {
            // The task was cancelled before this.
            guard !hasEnded else { return whenEnded(.failure(CancellationError())) }
            self.whenEnded = whenEnded
            timer = dialer.loop.assumeIsolated().scheduleTask(deadline: deadline) {
                self.end(.failure(self.isResolved ? ConnectionError.timeout : .resolverSilent))
            }
            let handle = NIOLoopBound(self, eventLoop: dialer.loop)
            open(handle, by: deadline).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let channel): self.take(channel)
                case .failure(let error): self.end(.failure(error))
                }
            }
        }

        func end(_ result: Result<NIOLoopBound<Connection>, any Error>) {
            guard !hasEnded else { return }
            hasEnded = true
            timer?.cancel()
            if case .failure(let error) = result { connections.values.forEach { $0.fail(error) } }
            connections = [:]
            whenEnded?(result)
            whenEnded = nil
        }

        private func open(_ attempt: NIOLoopBound<Attempt>, by deadline: NIODeadline) -> EventLoopFuture<any Channel> {
            let dialer = dialer
            let route = route
            let bootstrap = ClientBootstrap(group: dialer.loop)
                // The timer fires first; this ends the sockets that are left.
                .connectTimeout(dialer.timeout + .seconds(1))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        attempt.value.isResolved = true
                        attempt.value.connections[ObjectIdentifier(channel)] =
                            try dialer.prepare(channel, route, by: deadline)
                    }
                }
            if let bytes = dialer.imageReadBytes, route.mayCarryImages {
                _ =
                    bootstrap
                    .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: bytes))
                    .channelOption(.maxMessagesPerRead, value: 1)
            }
            let peer = route.peer
            let host = dialer.names[peer.host.bare] ?? peer.host.bare
            // A host that is no address is a name.
            if let address = try? SocketAddress(ipAddress: host, port: peer.port) {
                isResolved = true
                return bootstrap.connect(to: address)
            }
            return bootstrap.connect(host: host, port: peer.port)
        }

        /// Waits for the connection on the channel to be ready.
        private func take(_ channel: any Channel) {
            guard !hasEnded, let connection = connections[ObjectIdentifier(channel)] else {
                return channel.close(promise: nil)
            }
            connection.whenReady { result in self.end(result.map { connection.handle }) }
        }
    }
}

extension ProxyServer {
    /// The header fields of a request for a tunnel.
    fileprivate func connectHeaders(to origin: WebURL.Origin) -> HTTPHeaders {
        var headers: HTTPHeaders = ["Host": "\(origin.host.text):\(origin.port)"]
        if let authorization { headers.add(name: "Proxy-Authorization", value: authorization) }
        return headers
    }
}
