public import FetchCore
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import WebAddress

/// The way to the API and to the image hosts: requests, redirects, limits.
///
/// It makes one attempt and never waits between attempts; whether to try again is the scheduler's decision. A request
/// runs on the event loop that holds its connection. Its ``Route`` says what the connection has to be: one to the API
/// is used for nothing else, and one that was checked to end at a public address is not mixed up with one that was not.
public final class HTTPTransport: ImageSource {
    private let eventLoops: MultiThreadedEventLoopGroup
    private let stations: [Station]
    /// Where the next request goes that comes from no event loop.
    private let turns = Atomic<Int>(0)
    let routes: ProxyRoutes

    /// An event loop, what runs tasks on it, and its connections.
    private struct Station {
        let loop: any EventLoop
        let executor: EventLoopExecutor
        let connections: NIOLoopBoundBox<LoopConnections>
    }

    let keyMask: KeyMask
    let apiOrigin: WebURL.Origin
    /// The API's url without its final slash: what a request's path is appended to.
    let apiBase: String
    /// The path of ``apiBase``.
    let apiPath: String
    /// The header fields of a request to the API.
    let apiFields: String
    /// Those of requests to where the API redirected, which are the same without the key, and to image hosts; `Host`
    /// comes before them.
    let keylessFields: String
    let imageFields: String
    let rules: ImageURLRules
    let slowestPace: SlowestPace
    let maxImageBytes: Int
    let requestTimeout: TimeAmount
    let connectTimeout: TimeAmount
    let stallTimeout: TimeAmount

    /// Lends a transport for the length of `body` and closes its connections after it.
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
        apiPath = apiURL.target.hasSuffix("/") ? String(apiURL.target.dropLast()) : apiURL.target
        apiBase = apiURL.origin.text + apiPath
        rules = ImageURLRules(
            allowHTTP: configuration.allowHTTP, patterns: try configuration.checkedPatterns(),
            apiIsLoopback: apiURL.origin.host.isLoopback)
        routes = try configuration.checkedProxies(apiOrigin: apiURL.origin)
        let certificates = try configuration.trustedCertificates()

        let agent = GetRequest.field("User-Agent", configuration.userAgent)
        let encoding = GetRequest.field("Accept-Encoding", "identity")
        keylessFields = agent + GetRequest.field("Accept", "application/json") + encoding
        apiFields =
            GetRequest.field("Host", apiOrigin.authority) + keylessFields
            + GetRequest.field("Authorization", configuration.apiKey)
        imageFields = agent + GetRequest.field("Accept", "image/png, */*;q=0.1") + encoding

        // Of its own, for how many loops there are decides how many files the program has open before its first job.
        eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops)
        let tls = TLSClient(trusting: certificates)
        // Requests are dealt out evenly.
        let slots = (configuration.concurrency + configuration.eventLoops - 1) / configuration.eventLoops
        stations = eventLoops.makeIterator().map { loop in
            let dialer = Dialer(
                loop: loop, tls: tls, timeout: TimeAmount(configuration.connectTimeout), names: surroundings.names)
            return Station(
                loop: loop, executor: EventLoopExecutor(loop),
                connections: .makeBoxSendingValue(LoopConnections(dialer, slots: slots), eventLoop: loop))
        }

        slowestPace = surroundings.slowestPace
        maxImageBytes = configuration.maxImageBytes
        requestTimeout = TimeAmount(configuration.requestTimeout)
        connectTimeout = TimeAmount(configuration.connectTimeout)
        stallTimeout = TimeAmount(configuration.stallTimeout)
    }

    /// Closes all connections and waits until they are closed.
    private func shutDown() async {
        // It can only complain of being called twice, and nobody else calls it.
        try? await eventLoops.shutdownGracefully()
    }

    /// Where requests run. A task that prefers one of these runs where its connections are, and crosses no thread.
    public var executors: [any TaskExecutor] { stations.map(\.executor) }

    /// Runs `work` with the connections of the event loop that the task is on, or else of any.
    func withConnections<R>(
        _ work: (LoopConnections) async throws(JobFailure) -> R
    ) async throws(JobFailure) -> R {
        if let here = stations.first(where: { $0.loop.inEventLoop }) {
            return try await work(here.connections.value)
        }
        let turn = turns.wrappingAdd(1, ordering: .relaxed).oldValue
        let station = stations[Int(UInt(bitPattern: turn) % UInt(stations.count))]
        return try await withTaskExecutorPreference(station.executor) { () async throws(JobFailure) in
            try await work(station.connections.value)
        }
    }

    /// The server's wish to be left alone, from a reply's headers.
    static func retryAfter(in headers: HTTPHeaders) -> Duration? {
        guard let value = headers.first(name: "Retry-After") else { return nil }
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        return RetryAfter.parse(value, date: headers.first(name: "Date"), now: now)
    }
}
