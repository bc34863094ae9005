import AsyncHTTPClient
public import FetchCore
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The way to the API and to the image hosts: requests, redirects, limits.
///
/// It makes one attempt and never waits between attempts; whether to try again is the scheduler's decision. Five
/// clients stand behind it, so that no mix-up of arguments can send the key astray or skip a check: one that only ever
/// talks to the API's origin, one whose connections must end at public addresses, one for hosts that a person has
/// named, and two that talk to proxies.
public final class HTTPTransport: ImageSource {
    private let eventLoops: MultiThreadedEventLoopGroup
    /// The only client that is given the key. If it goes through a proxy, then through a tunnel.
    let api: HTTPClient
    let apiIsProxied: Bool
    /// Never sees the key; its connections are checked by ``PeerGuard``.
    let publicHosts: HTTPClient
    /// Never sees the key; for hosts that may be private.
    let namedHosts: HTTPClient
    /// Never sees the key; for https hosts behind a proxy, which only passes bytes on.
    let tunnel: HTTPClient
    /// Never sees the key; for plain http hosts behind a proxy, which reads and repeats the request.
    let relay: HTTPClient
    let routes: ProxyRoutes

    let keyMask: KeyMask
    let apiOrigin: WebURL.Origin
    /// The API's url without its final slash: what a request's path is appended to.
    let apiBase: String
    let apiHeaders: HTTPHeaders
    /// The headers of a request to the API that was redirected to another origin: the same without the key.
    let keylessHeaders: HTTPHeaders
    let imageHeaders: HTTPHeaders
    let rules: ImageURLRules
    let slowestPace: SlowestPace
    let maxImageBytes: Int
    let requestTimeout: TimeAmount
    /// The time within which the head of an image's reply must be there.
    let headTimeout: TimeAmount

    /// Lends a transport for the length of `body` and shuts the clients down after it.
    ///
    /// - Throws: ``ConfigurationFault`` before `body` is called, and whatever `body` throws.
    public static func withTransport<R>(
        _ configuration: TransportConfiguration, _ body: (HTTPTransport) async throws -> R
    ) async throws -> R {
        try await withTransport(configuration, surroundings: Surroundings(), body)
    }

    /// What a test may set, and the program never does.
    struct Surroundings: Sendable {
        var slowestPace = SlowestPace()
        /// Names, and the address or name that is connected to instead.
        var names: [String: String] = [:]
    }

    static func withTransport<R>(
        _ configuration: TransportConfiguration, surroundings: Surroundings,
        _ body: (HTTPTransport) async throws -> R
    ) async throws -> R {
        let transport = try HTTPTransport(configuration, surroundings)
        let result: R
        do {
            result = try await body(transport)
        } catch {
            await transport.shutDown()
            throw error
        }
        await transport.shutDown()
        return result
    }

    private init(
        _ configuration: TransportConfiguration, _ surroundings: Surroundings
    ) throws(ConfigurationFault) {
        try configuration.checkKey()
        let apiURL = try configuration.checkedAPIURL()
        keyMask = KeyMask(configuration.apiKey)
        apiOrigin = apiURL.origin
        apiBase = apiURL.text.hasSuffix("/") ? String(apiURL.text.dropLast()) : apiURL.text
        rules = ImageURLRules(
            allowHTTP: configuration.allowHTTP, patterns: try configuration.checkedPatterns(),
            apiIsLoopback: apiURL.origin.host.isLoopback)
        routes = try configuration.checkedProxies(apiOrigin: apiURL.origin)
        let certificates = try configuration.trustedCertificates()

        keylessHeaders = [
            "User-Agent": configuration.userAgent, "Accept": "application/json", "Accept-Encoding": "identity",
        ]
        var headers = keylessHeaders
        headers.add(name: "Authorization", value: configuration.apiKey)
        apiHeaders = headers
        imageHeaders = [
            "User-Agent": configuration.userAgent, "Accept": "image/png, */*;q=0.1", "Accept-Encoding": "identity",
        ]

        // Of its own, for how many loops there are decides how many files the program has open before its first job.
        eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops)
        let settings = ClientSettings(
            configuration, eventLoops: eventLoops, certificates: certificates, names: surroundings.names)
        let stall = configuration.stallTimeout
        let apiProxy = routes.proxy(to: apiURL.origin)
        apiIsProxied = apiProxy != nil
        api = settings.client(readTimeout: nil, tunnel: apiProxy)
        publicHosts = settings.client(readTimeout: stall, preparing: PeerGuard.admit)
        namedHosts = settings.client(readTimeout: stall)
        tunnel = settings.client(readTimeout: stall, tunnel: routes.https)
        relay = settings.client(readTimeout: stall, preparing: AbsoluteForm.install)

        slowestPace = surroundings.slowestPace
        maxImageBytes = configuration.maxImageBytes
        requestTimeout = TimeAmount(configuration.requestTimeout)
        headTimeout = TimeAmount(configuration.connectTimeout) + TimeAmount(configuration.stallTimeout)
    }

    /// Closes all connections and waits until they are closed.
    private func shutDown() async {
        for client in [api, publicHosts, namedHosts, tunnel, relay] {
            // It can only complain of being called twice, and nobody else calls it.
            try? await client.shutdown()
        }
        // The same goes for the loops.
        try? await eventLoops.shutdownGracefully()
    }

    /// The server's wish to be left alone, from a reply's headers.
    static func retryAfter(in headers: HTTPHeaders) -> Duration? {
        guard let value = headers.first(name: "Retry-After") else { return nil }
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        return RetryAfter.parse(value, date: headers.first(name: "Date"), now: now)
    }
}
