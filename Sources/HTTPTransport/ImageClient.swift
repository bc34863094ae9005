public import FetchCore
import NIOCore
import WebAddress

/// The client of the image hosts: one download, streamed, from a url that is checked.
public final class ImageClient: ImageSource {
    private let loops: EventLoops
    private let routes: ProxyRoutes
    private let urls: ImageURLChecker
    private let minimumRate: MinimumRate
    private let limiter: DownloadLimiter?
    /// The header fields but `Host`.
    private let fields: HeaderFields
    private let maxImageBytes: Int
    private let connectTimeout: TimeAmount
    private let stallTimeout: TimeAmount
    private let wallClock: @Sendable () -> Timestamp

    init(
        _ configuration: TransportConfiguration, loops: EventLoops, routes: ProxyRoutes, rules: ImageURLRules,
        minimumRate: MinimumRate, limiter: DownloadLimiter?
    ) {
        self.loops = loops
        self.routes = routes
        urls = ImageURLChecker(rules)
        self.minimumRate = minimumRate
        self.limiter = limiter
        fields = .common(configuration.userAgent, accept: "image/png, */*;q=0.1")
        maxImageBytes = configuration.maxImageBytes
        connectTimeout = TimeAmount(configuration.connectTimeout)
        stallTimeout = TimeAmount(configuration.stallTimeout)
        wallClock = configuration.wallClock
    }

    /// Passes the body of an image's url to `consume` piece by piece, in order, and returns after the last byte.
    ///
    /// The url is checked first, and again after every redirect. Little is read ahead of `consume`. When it throws, the
    /// connection is closed and the failure is thrown on.
    public func download(
        _ url: String, into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) {
        let first = try urls.target(of: url)
        try await loops.withConnections { (connections) throws(JobFailure) in
            var target = first
            var followed = 0
            while let next = try await fetch(target, followed: followed, over: connections, into: consume) {
                target = next
                followed += 1
            }
        }
    }

    /// Makes one request; returns the next url after a redirect, or nil when the image has arrived.
    private func fetch(
        _ target: ImageURLRules.Target, followed: Int, over connections: LoopConnections,
        into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) -> ImageURLRules.Target? {
        let request = RoutedRequest(to: target.url, by: routes, mustBePublic: target.mustBePublic, fields: fields)
        var status: Int?
        let turns = limiter.map(DownloadTurns.init)
        defer { turns?.end() }
        do {
            // The reply may bring a whole image, so the request waits for its turn too.
            try await turns?.take()
            // This holds for a request that is sent a second time too, see ``LoopConnections/withExchange(to:by:_:)``.
            let due = NIODeadline.now() + connectTimeout + stallTimeout
            return try await connections.withExchange(to: request.route, by: due) { exchange in
                exchange.send(
                    request.request, due: min(due, .now() + stallTimeout), stall: stallTimeout, inTurns: turns != nil)
                let head = try await exchange.parts.nextHead()
                let decoder = BodyDecoder(for: head.contentEncodings, limit: maxImageBytes)
                let reply = summary(of: head, isCompressed: decoder != nil)
                switch reply.verdict(from: target.url, followed: followed, maxBytes: maxImageBytes) {
                case .image:
                    status = head.status
                    try await receiveBody(exchange, decoder, turns, into: consume)
                    return nil
                case .redirect(let next):
                    return try urls.rules.target(of: next, httpStatus: reply.status)
                case .failure(let failure):
                    throw failure
                }
            }
        } catch {
            throw JobFailure.ofTransport(
                error, in: status == nil ? .imageHead : .imageBody, proxied: request.route.isProxied,
                cancelled: Task.isCancelled, httpStatus: status)
        }
    }

    /// Passes the body on, decompressed if there is a decoder. The rate is that of the bytes on the wire.
    private func receiveBody(
        _ exchange: any HTTPExchange, _ decoder: BodyDecoder?, _ turns: DownloadTurns?,
        into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws {
        let most = ImageReply.mostBytes(for: maxImageBytes, compressed: decoder != nil)
        let start = ContinuousClock.now
        let waitedBefore = turns?.waited ?? .zero
        var received = 0
        while let bytes = try await nextBytes(exchange, turns) {
            received += bytes.readableBytes
            guard received <= most else { throw ImageReply.tooLarge(maxBytes: maxImageBytes) }
            if let decoder {
                try decoder.decode(bytes.readableBytesSpan) { try consume($0) }
            } else {
                try consume(bytes.readableBytesSpan)
            }
            let held = (turns?.waited ?? .zero) - waitedBefore
            if minimumRate.isTooSlow(bytes: received, elapsed: start.duration(to: .now) - held) {
                throw Self.tooSlow
            }
        }
        try decoder?.finish { try consume($0) }
    }

    /// Waits for the next bytes of the body, and before that for a turn to read them; nil at its end.
    private func nextBytes(_ exchange: any HTTPExchange, _ turns: DownloadTurns?) async throws -> ByteBuffer? {
        guard let turns else { return try await exchange.parts.nextBytes() }
        if exchange.needsTurn {
            try await turns.take()
            exchange.beginTurn()
        }
        let bytes = try await exchange.parts.nextBytes()
        turns.note(bytes?.readableBytes ?? 0)
        return bytes
    }

    private static let tooSlow = JobFailure(
        .timeout, at: .download, "The image host sends too slowly to ever finish.", httpStatus: 200)

    private func summary(of head: ReplyHead, isCompressed: Bool) -> ImageReply {
        ImageReply(
            status: head.status, location: head.location, contentLength: head.contentLength,
            retryAfter: head.retryAfter(now: wallClock), isCompressed: isCompressed)
    }
}
