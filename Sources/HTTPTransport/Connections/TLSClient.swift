import NIOCore
import NIOSSL
import Synchronization
import WebAddress

/// The settings of TLS: at least version 1.2, HTTP/1.1 only, the system's trusted certificates and additional ones.
final class TLSClient: Sendable {
    private let configuration: TLSConfiguration
    /// Made when it is first needed, because it reads the system's certificates.
    private let context = Mutex<NIOSSLContext?>(nil)

    init(trusting certificates: [NIOSSLCertificate]) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.additionalTrustRoots = certificates.isEmpty ? [] : [.certificates(certificates)]
        self.configuration = configuration
    }

    /// A handler of TLS, which accepts only a certificate for the origin's host.
    func handler(for origin: WebURL.Origin) throws -> NIOSSLClientHandler {
        let context = try context.withLock { context in
            let made = try context ?? NIOSSLContext(configuration: configuration)
            context = made
            return made
        }
        // SNI holds no address. Without a name the certificate is compared with the socket's address.
        let name: String? = if case .name(let name) = origin.host { name } else { nil }
        return try NIOSSLClientHandler(context: context, serverHostname: name)
    }
}
