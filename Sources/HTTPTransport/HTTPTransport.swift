import NIOCore
import WebAddress

/// The way to the API and to the image hosts: one client for each, over the same event loops.
///
/// The clients make one attempt and never wait between attempts; whether to try again is the scheduler's decision. The
/// ``Route`` of a request says which connections may carry it: one to the API carries nothing else, and one that was
/// checked to end at a public address is not mixed up with one that was not.
public final class HTTPTransport: Sendable {
    public let api: APIClient
    public let images: ImageClient
    private let loops: EventLoops

    /// Calls `body` with a transport, and closes its connections after it.
    ///
    /// - Throws: ``ConfigurationError`` before `body` is called, and whatever `body` throws.
    public static func withTransport<R>(
        _ configuration: TransportConfiguration, _ body: (HTTPTransport) async throws -> R
    ) async throws -> R {
        try await withTransport(configuration, overrides: TestOverrides(), body)
    }

    /// What a test may set, and the program never does.
    struct TestOverrides: Sendable {
        var minimumRate = MinimumRate()
        /// Names, and the address or name that is connected to instead.
        var names: [String: String] = [:]
    }

    static func withTransport<R>(
        _ configuration: TransportConfiguration, overrides: TestOverrides,
        _ body: (HTTPTransport) async throws -> R
    ) async throws -> R {
        let transport = try HTTPTransport(configuration, overrides)
        let result: R
        do {
            result = try await body(transport)
        } catch {
            await transport.loops.shutDown()
            throw error
        }
        await transport.loops.shutDown()
        return result
    }

    private init(
        _ configuration: TransportConfiguration, _ overrides: TestOverrides
    ) throws(ConfigurationError) {
        try configuration.checkKey()
        let apiURL = try configuration.checkedAPIURL()
        let patterns = try configuration.checkedPatterns()
        let routes = try configuration.checkedProxies(apiOrigin: apiURL.origin)
        let tls = TLSClient(trusting: try configuration.trustedCertificates())
        let timeout = TimeAmount(configuration.connectTimeout)
        // Requests are dealt out evenly.
        let slots = (configuration.concurrency + configuration.eventLoops - 1) / configuration.eventLoops
        Dialer.prepareTypes()
        let loops = EventLoops(count: configuration.eventLoops, slots: slots) { loop in
            Dialer(
                loop: loop, tls: tls, timeout: timeout,
                imageReadBytes: configuration.maxDownloadRate.map(ReadTurns.pieceBytes), http2: configuration.http2,
                names: overrides.names)
        }
        self.loops = loops
        api = APIClient(configuration, apiURL, loops: loops, routes: routes)
        images = ImageClient(
            configuration, loops: loops, routes: routes,
            rules: ImageURLRules(
                allowHTTP: configuration.allowHTTP, patterns: patterns,
                apiIsLoopback: apiURL.origin.host.isLoopback),
            minimumRate: overrides.minimumRate,
            limiter: configuration.maxDownloadRate.map { loops.limiter(bytesPerSecond: $0) })
    }

    /// Where requests run. A task that prefers one of these runs where its connections are, and crosses no thread.
    public var executors: [any TaskExecutor] { loops.executors }
}
