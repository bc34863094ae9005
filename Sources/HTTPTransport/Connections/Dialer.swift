import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import WebAddress

/// Makes connections: name look-up, socket, check of the peer, tunnel and TLS, all within the connect timeout.
///
/// Belongs to one event loop. If a name has several addresses, the first that answers is used (RFC 8305). Which version of
/// HTTP a connection speaks is agreed on during the handshake of TLS.
struct Dialer: Sendable {
    let loop: any EventLoop
    let tls: TLSClient
    /// Time from the look-up of the name to the end of the TLS handshake.
    let timeout: TimeAmount
    /// Most bytes that are read at once of an image host, where the rate is limited; nil for as many as there are.
    let imageReadBytes: Int?
    /// Where HTTP/2 is offered.
    let http2: HTTP2Offer
    /// Names, and the address or name that is connected to instead; for tests.
    let names: [String: String]

    /// A connection that is ready for its first request.
    enum Made {
        case http1(HTTP1Connection)
        case http2(HTTP2Connection)
    }

    /// Whether a server may speak HTTP/2 to us.
    func offersHTTP2(_ route: Route) -> Bool {
        guard route.origin?.scheme == .https else { return false }
        return switch (http2, route) {
        case (.nowhere, _): false
        case (.api, .api), (.everywhere, _): true
        case (.api, _): false
        }
    }

    /// Most bytes that are read at once, where the rate is limited; nil for as many as there are.
    fileprivate func readBytes(over route: Route) -> Int? { route.mayCarryImages ? imageReadBytes : nil }

    fileprivate func readAllocator(over route: Route) -> any RecvByteBufferAllocator {
        if let bytes = readBytes(over: route) { return FixedSizeRecvByteBufferAllocator(capacity: bytes) }
        return ReplyReadAllocator(overTLS: route.origin?.scheme == .https)
    }

    /// Makes a connection that is ready for its first request.
    ///
    /// - Throws: the error of the first step that failed, or `CancellationError` at once when the task is cancelled.
    func connect(_ route: Route, offersHTTP2: Bool, by deadline: NIODeadline) async throws -> Made {
        let attempt = Attempt(self, route, offersHTTP2: offersHTTP2)
        let handle = NIOLoopBound(attempt, eventLoop: loop)
        let made = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                attempt.begin(by: min(deadline, .now() + timeout)) { continuation.resume(with: $0) }
            }
        } onCancel: {
            loop.execute { handle.value.end(.failure(CancellationError())) }
        }
        return made.value
    }

    /// Makes the types of the decoders known to the runtime; to be called before there are connections.
    ///
    /// Swift's runtime (6.3) makes the metadata of a generic type at its first use. It has been seen to crash when two
    /// event loops did that at the same moment.
    static func prepareTypes() { preparedTypes }

    /// Made once, by one thread.
    private static let preparedTypes: Void = {
        _ = DecodedReplies.decoder(leftOverBytes: .dropBytes)
        _ = HTTP2Framing.handler(streamWindow: HTTP2Framing.initialWindow)
    }()

    /// Adds the handlers of a new channel.
    ///
    /// The one that waits for the handshakes is the last from the start, so that it gets every error of the others.
    fileprivate func prepare(
        _ channel: any Channel, _ route: Route, offersHTTP2: Bool, by deadline: NIODeadline
    ) throws -> Handshakes {
        let pipeline = channel.pipeline.syncOperations
        let origin = route.origin.flatMap { $0.scheme == .https ? $0 : nil }
        let handshakes = Handshakes(awaitsTLS: origin != nil) { try speak($0, over: route, in: $1) }
        if route.mustBePublic { try pipeline.addHandler(PeerGuard()) }
        let secure = {
            guard let origin else { return }
            try pipeline.addHandler(
                tls.handler(for: origin, offersHTTP2: offersHTTP2), position: .before(handshakes))
        }
        try pipeline.addHandler(handshakes)
        if let proxy = route.tunnelProxy, let origin = route.origin {
            try askForTunnel(to: origin, through: proxy, by: deadline, before: handshakes, in: pipeline, then: secure)
        } else {
            try secure()
        }
        return handshakes
    }

    /// Adds the handlers of a version of HTTP at the end of the pipeline.
    private func speak(
        _ version: String?, over route: Route, in pipeline: ChannelPipeline.SynchronousOperations
    ) throws -> Made {
        if version == TLSClient.http2 {
            let connection = HTTP2Connection(on: loop, isLimited: readBytes(over: route) != nil)
            try pipeline.addHandlers([HTTP2Framing.handler(streamWindow: connection.streamWindow), connection])
            return .http2(connection)
        }
        let connection = HTTP1Connection(on: loop)
        try pipeline.addHandler(connection)
        return .http1(connection)
    }

    /// Adds the handlers that ask the proxy for a tunnel; when it is open, those that go on take their place.
    private func askForTunnel(
        to origin: WebURL.Origin, through proxy: ProxyServer, by deadline: NIODeadline, before handshakes: Handshakes,
        in pipeline: ChannelPipeline.SynchronousOperations, then goOn: @escaping () throws -> Void
    ) throws {
        let encoder = HTTPRequestEncoder()
        let normalizing = HeadNormalizingHandler()
        let decoder = DecodedReplies.decoder(leftOverBytes: .forwardBytes)
        let established = loop.makePromise(of: Void.self)
        let ask = NIOHTTP1ProxyConnectHandler(
            targetHost: origin.host.text, targetPort: origin.port, headers: proxy.connectHeaders(to: origin),
            deadline: deadline, promise: established)
        try pipeline.addHandlers([encoder, normalizing, decoder, ask], position: .before(handshakes))
        established.futureResult.assumeIsolated().whenSuccess {
            let removed = [
                pipeline.removeHandler(encoder), pipeline.removeHandler(normalizing), pipeline.removeHandler(decoder),
            ]
            EventLoopFuture.andAllSucceed(removed, on: loop).assumeIsolated().whenComplete { _ in
                do {
                    try goOn()
                } catch {
                    handshakes.fail(error)
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
        private var whenEnded: ((Result<NIOLoopBound<Made>, any Error>) -> Void)?
        private var hasEnded = false
        private var timer: Scheduled<Void>?
        /// The name was looked up, or there was no name.
        private var isResolved = false
        private let offersHTTP2: Bool
        /// The channels that were tried.
        private var channels: [ObjectIdentifier: Handshakes] = [:]

        init(_ dialer: Dialer, _ route: Route, offersHTTP2: Bool) {
            self.dialer = dialer
            self.route = route
            self.offersHTTP2 = offersHTTP2
        }

        func begin(
            by deadline: NIODeadline, whenEnded: @escaping (Result<NIOLoopBound<Made>, any Error>) -> Void
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

        func end(_ result: Result<NIOLoopBound<Made>, any Error>) {
            guard !hasEnded else { return }
            hasEnded = true
            timer?.cancel()
            if case .failure(let error) = result { channels.values.forEach { $0.fail(error) } }
            channels = [:]
            whenEnded?(result)
            whenEnded = nil
        }

        private func open(_ attempt: NIOLoopBound<Attempt>, by deadline: NIODeadline) -> EventLoopFuture<any Channel> {
            let dialer = dialer
            let route = route
            let offersHTTP2 = offersHTTP2
            let bootstrap = ClientBootstrap(group: dialer.loop)
                // The timer fires first; this ends the sockets that are left.
                .connectTimeout(dialer.timeout + .seconds(1))
                .channelOption(.recvAllocator, value: dialer.readAllocator(over: route))
                .channelOption(.maxMessagesPerRead, value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        attempt.value.isResolved = true
                        attempt.value.channels[ObjectIdentifier(channel)] =
                            try dialer.prepare(channel, route, offersHTTP2: offersHTTP2, by: deadline)
                    }
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

        /// Waits for the handshakes on the channel.
        private func take(_ channel: any Channel) {
            guard !hasEnded, let handshakes = channels[ObjectIdentifier(channel)] else {
                return channel.close(promise: nil)
            }
            handshakes.whenEnded { result in
                self.end(result.map { NIOLoopBound($0, eventLoop: self.dialer.loop) })
            }
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
