public import FetchCore
import NIOCore
import WebAddress

/// The client of the API: one GET, with the key, and whatever the API redirects to.
public final class APIClient: Sendable {
    private let loops: EventLoops
    private let routes: ProxyRoutes
    private let keyRedaction: KeyRedaction
    private let origin: WebURL.Origin
    private let route: Route
    /// The API's url without its final slash: what a request's path is appended to.
    private let base: String
    /// The path of ``base``.
    private let basePath: String
    /// The header fields of a request to the API's own origin.
    private let fields: HeaderFields
    /// The same without the key, for where the API redirected.
    private let keylessFields: HeaderFields
    private let allowHTTP: Bool
    private let requestTimeout: TimeAmount
    private let wallClock: @Sendable () -> Timestamp

    init(_ configuration: TransportConfiguration, _ url: WebURL, loops: EventLoops, routes: ProxyRoutes) {
        self.loops = loops
        self.routes = routes
        keyRedaction = KeyRedaction(configuration.apiKey)
        origin = url.origin
        route = .api(url.origin, tunnel: routes.proxy(to: url.origin))
        basePath = url.target.hasSuffix("/") ? String(url.target.dropLast()) : url.target
        base = origin.text + basePath
        keylessFields = .common(configuration.userAgent, accept: "application/json")
        fields = keylessFields.adding("Authorization", configuration.apiKey)
        allowHTTP = configuration.allowHTTP
        requestTimeout = TimeAmount(configuration.requestTimeout)
        wallClock = configuration.wallClock
    }

    /// Largest reply of the API that is read, before and after decompression. A job's status takes less than a kilobyte,
    /// but it may come with everything that the image was made from. Every request in flight may hold this much memory.
    static let maxReplyBytes = 4 * 1024 * 1024

    /// A complete reply.
    private struct Reply {
        let head: ReplyHead
        let body: [UInt8]
    }

    /// Makes one GET at the API; `path`, which starts with a slash, is appended to the API's url.
    ///
    /// Every status is a reply, also that of a redirect that is not followed. A redirect within the API's origin keeps
    /// the key; after the first step outside it the key is never sent again.
    ///
    /// - Throws: only what went wrong on the wire, with the stage `poll`, or `interrupted` after cancellation.
    public func get(_ path: String) async throws(JobFailure) -> APIReply {
        try await loops.withConnections { (connections) throws(JobFailure) in
            do {
                return try await exchange(path, over: connections)
            } catch {
                throw JobFailure.ofTransport(error, in: .poll, cancelled: Task.isCancelled)
            }
        }
    }

    private func exchange(_ path: String, over connections: LoopConnections) async throws -> APIReply {
        let deadline = NIODeadline.now() + requestTimeout
        var reply = try await send(apiRequest(basePath + path), by: deadline, over: connections)
        guard (300..<400).contains(reply.head.status) else { return apiReply(reply) }

        var current = try WebURL(base + path)
        var isAtOrigin = true
        var followed = 0
        while case .follow(let next) = Redirect.decide(
            status: reply.head.status, location: reply.head.location, from: current, followed: followed)
        {
            isAtOrigin = isAtOrigin && next.origin == origin
            guard let request = isAtOrigin ? apiRequest(next.target) : offOriginRequest(next) else { break }
            reply = try await send(request, by: deadline, over: connections)
            current = next
            followed += 1
        }
        return apiReply(reply)
    }

    /// A request to the API's own origin, the only one with the key.
    private func apiRequest(_ target: String) -> RoutedRequest {
        RoutedRequest(route, to: origin, target, fields)
    }

    /// A request to a url outside the API's origin; nil if the redirect must not be followed.
    ///
    /// The API sent us there, but any host inside the network may answer, so it has to be public, as with images.
    private func offOriginRequest(_ url: WebURL) -> RoutedRequest? {
        guard !origin.host.isLoopback else {
            return RoutedRequest(to: url, by: routes, mustBePublic: false, fields: keylessFields)
        }
        if case .address(let address) = url.origin.host, address.special != nil { return nil }
        guard url.origin.scheme == .https || allowHTTP else { return nil }
        return RoutedRequest(to: url, by: routes, mustBePublic: true, fields: keylessFields)
    }

    /// Sends one request and reads the complete reply; the deadline is for its last byte.
    private func send(
        _ request: RoutedRequest, by deadline: NIODeadline, over connections: LoopConnections
    ) async throws(JobFailure) -> Reply {
        do {
            return try await connections.withExchange(to: request.route, by: deadline) { exchange in
                exchange.send(request.request, due: deadline)
                return try await Self.read(exchange.parts)
            }
        } catch {
            throw JobFailure.ofTransport(
                error, in: .poll, proxied: request.route.isProxied, cancelled: Task.isCancelled)
        }
    }

    private static func read(_ parts: ReplyParts) async throws -> Reply {
        let head = try await parts.nextHead()
        guard head.contentLength ?? 0 <= maxReplyBytes else { throw ConnectionError.replyTooLarge }
        let decoder = BodyDecoder(for: head.contentEncodings, limit: maxReplyBytes)
        var received = 0
        var body: [UInt8] = []
        while let bytes = try await parts.nextBytes() {
            received += bytes.readableBytes
            guard received <= maxReplyBytes else { throw ConnectionError.replyTooLarge }
            if let decoder {
                try decoder.decode(bytes.readableBytesSpan) { span in span.withUnsafeBytes { body += $0 } }
            } else {
                body.append(contentsOf: bytes.readableBytesView)
            }
        }
        try decoder?.finish { span in span.withUnsafeBytes { body += $0 } }
        return Reply(head: head, body: body)
    }

    private func apiReply(_ reply: Reply) -> APIReply {
        APIReply(
            status: reply.head.status, body: keyRedaction.redacting(reply.body),
            retryAfter: reply.head.retryAfter(now: wallClock))
    }
}
