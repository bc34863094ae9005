import NIOCore
import NIOSSL
import Synchronization
import WebAddress

/// The settings of TLS: at least version 1.2, the system's trusted certificates and additional ones, and by ALPN the
/// versions of HTTP.
final class TLSClient: Sendable {
    /// The name of HTTP/2 over TLS (RFC 9113, section 3.1).
    static let http2 = "h2"

    private let configuration: TLSConfiguration
    /// By whether they offer HTTP/2. Made when first needed, because that reads the system's certificates.
    private let contexts = Mutex<[Bool: NIOSSLContext]>([:])

    init(trusting certificates: [NIOSSLCertificate]) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.additionalTrustRoots = certificates.isEmpty ? [] : [.certificates(certificates)]
        self.configuration = configuration
    }

    /// A handler of TLS, which accepts only a certificate for the origin's host, and offers HTTP/1.1, and HTTP/2 if it
    /// is to.
    func handler(for origin: WebURL.Origin, offersHTTP2: Bool) throws -> NIOSSLClientHandler {
        let context = try contexts.withLock { contexts in
            if let context = contexts[offersHTTP2] { return context }
            var configuration = configuration
            configuration.applicationProtocols = (offersHTTP2 ? [Self.http2] : []) + ["http/1.1"]
            let context = try NIOSSLContext(configuration: configuration)
            contexts[offersHTTP2] = context
            return context
        }
        // SNI holds no address. Without a name the certificate is compared with the socket's address.
        let name: String? = if case .name(let name) = origin.host { name } else { nil }
        return try NIOSSLClientHandler(context: context, serverHostname: name)
    }
}
