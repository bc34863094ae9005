import NIOCore
import NIOSSL
import Synchronization
import WebAddress

/// How TLS is spoken: at least 1.2, HTTP/1.1 alone, the system's certificates and those that were added.
final class TLSClient: Sendable {
    private let configuration: TLSConfiguration
    /// Made when it is first needed, for it reads the system's certificates.
    private let context = Mutex<NIOSSLContext?>(nil)

    init(trusting certificates: [NIOSSLCertificate]) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.additionalTrustRoots = certificates.isEmpty ? [] : [.certificates(certificates)]
        self.configuration = configuration
    }

    /// Speaks TLS with a server whose certificate has to be for the origin's host.
    func handler(for origin: WebURL.Origin) throws -> NIOSSLClientHandler {
        let context = try context.withLock { context in
            let made = try context ?? NIOSSLContext(configuration: configuration)
            context = made
            return made
        }
        // An address goes into no SNI, and is compared with the socket's own.
        let name: String? = if case .name(let name) = origin.host { name } else { nil }
        return try NIOSSLClientHandler(context: context, serverHostname: name)
    }
}
