import NIOCore
import NIOPosix
import NIOSSL

/// What listens on loopback and speaks TLS, for the servers of the tests.
enum TLSListener {
    /// Lends a port; each connection to it gets handlers of its own after that of TLS.
    ///
    /// - Parameter protocols: what is chosen by ALPN, in this order; none for a server that knows no ALPN.
    static func withPort<R>(
        _ certificate: ThrowawayCertificate, protocols: [String] = [],
        handlers: @escaping @Sendable (NIOSSLServerHandler) -> [any ChannelHandler],
        _ body: (Int) async throws -> R
    ) async throws -> R {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate.certificateFile).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(file: certificate.keyFile, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.applicationProtocols = protocols
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = NIOSSLServerHandler(context: context)
                    try channel.pipeline.syncOperations.addHandlers([tls] + handlers(tls))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: R
        do {
            guard let port = channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
            result = try await body(port)
        } catch {
            try? await channel.close()  // the first error is the one to report
            throw error
        }
        try await channel.close()
        return result
    }
}
