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
        _ url: String, into consume: @escaping (RawSpan) throws(JobFailure) -> Void
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
        into consume: @escaping (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) -> ImageURLRules.Target? {
        let request = RoutedRequest(to: target.url, by: routes, mustBePublic: target.mustBePublic, fields: fields)
        let reception = ImageReception(
            from: target.url, followed: followed, maxBytes: maxImageBytes, minimumRate: minimumRate,
            wallClock: wallClock, into: consume)
        let turns = limiter.map(DownloadTurns.init)
        defer { turns?.end() }
        do {
            // The reply may bring a whole image, so the request waits for its turn too.
            try await turns?.take()
            // This holds for a request that is sent a second time too, see ``LoopConnections/withExchange(to:by:_:)``.
            let due = NIODeadline.now() + connectTimeout + stallTimeout
            try await connections.withExchange(to: request.route, by: due) { exchange in
                exchange.send(
                    request.request, due: min(due, .now() + stallTimeout), stall: stallTimeout, inTurns: turns != nil)
                if let turns {
                    while try reception.take(try await nextPart(exchange, turns), waited: turns.waited) {}
                } else {
                    try await exchange.parts.read { try reception.take($0) }
                }
            }
            return try reception.redirect.map { try urls.rules.target(of: $0.to, httpStatus: $0.httpStatus) }
        } catch {
            throw JobFailure.ofTransport(
                error, in: reception.imageStatus == nil ? .imageHead : .imageBody, proxied: request.route.isProxied,
                cancelled: Task.isCancelled, httpStatus: reception.imageStatus)
        }
    }

    /// Waits for a turn to read the next part of the reply, and for the part.
    private func nextPart(
        _ exchange: any HTTPExchange, _ turns: DownloadTurns
    ) async throws -> ReplyPart {
        if exchange.needsTurn {
            try await turns.take()
            exchange.beginTurn()
        }
        let part = try await exchange.parts.nextPart()
        // The turn of the request is for the first bytes of the body.
        if case .head = part { return part }
        turns.note(part.bodyBytes)
        return part
    }
}
