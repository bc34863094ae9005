import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// What the clients have in common.
struct ClientSettings {
    private let base: HTTPClient.Configuration
    private let eventLoops: MultiThreadedEventLoopGroup

    init(
        _ configuration: TransportConfiguration, eventLoops: MultiThreadedEventLoopGroup,
        certificates: [NIOSSLCertificate], names: [String: String]
    ) {
        self.eventLoops = eventLoops
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.additionalTrustRoots = certificates.isEmpty ? [] : [.certificates(certificates)]

        var base = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,  // followed by our own rules
            timeout: .init(connect: TimeAmount(configuration.connectTimeout)),
            decompression: .disabled)  // what comes out of it would have no bound
        // One request to a connection, so that dropping a download drops nothing else and reading no further stops the
        // sender of just this body.
        base.httpVersion = .http1Only
        base.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, configuration.concurrency)
        // The client's own retries would hide the cause until the connect timeout, and hold a slot meanwhile.
        base.connectionPool.retryConnectionEstablishment = false
        base.dnsOverride = names
        self.base = base
    }

    /// Makes a client; whoever asked for it shuts it down.
    ///
    /// - Parameters:
    ///   - readTimeout: longest silence of a server that has a request; nil where a deadline bounds the whole.
    ///   - proxy: asked for a tunnel to every server, also for plain http.
    ///   - prepare: looks at every new connection before it is used, and may refuse or change it.
    func client(
        readTimeout: Duration?, tunnel proxy: ProxyServer? = nil,
        preparing prepare: (@Sendable (any Channel) -> EventLoopFuture<Void>)? = nil
    ) -> HTTPClient {
        var configuration = base
        configuration.timeout.read = readTimeout.map { TimeAmount($0) }
        configuration.proxy = proxy.map {
            .server(host: $0.host.bare, port: $0.port, authorization: $0.authorization)
        }
        configuration.http1_1ConnectionDebugInitializer = prepare
        // Never negotiated, and looked at all the same.
        configuration.http2ConnectionDebugInitializer = prepare
        return HTTPClient(eventLoopGroupProvider: .shared(eventLoops), configuration: configuration)
    }
}
