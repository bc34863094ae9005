import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// What the clients have in common.
struct ClientSettings {
    private let base: HTTPClient.Configuration

    init(_ configuration: TransportConfiguration, certificates: [NIOSSLCertificate], names: [String: String]) {
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
    ///   - check: looks at every new connection before it is used.
    func client(
        readTimeout: Duration?, admitting check: (@Sendable (any Channel) -> EventLoopFuture<Void>)?
    ) -> HTTPClient {
        var configuration = base
        configuration.timeout.read = readTimeout.map { TimeAmount($0) }
        configuration.http1_1ConnectionDebugInitializer = check
        // Never negotiated, and checked all the same.
        configuration.http2ConnectionDebugInitializer = check
        return HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
    }
}
