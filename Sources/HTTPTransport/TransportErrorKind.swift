import FetchCore
import Glibc
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import WebAddress

/// What a request was waiting for when it failed.
enum ExchangePhase: Sendable, CaseIterable {
    /// The reply of the API.
    case poll
    /// The head of an image host's reply.
    case imageHead
    /// The body of an image host's reply, whose head was good.
    case imageBody

    var stage: JobFailure.Stage { self == .poll ? .poll : .download }
}

extension JobFailure {
    /// The failure of a job whose request ended with this error. Nothing else looks at the errors of the libraries.
    ///
    /// | error | poll | head | body |
    /// |---|---|---|---|
    /// | a ``JobFailure`` | itself | itself | itself |
    /// | anything else while the task is cancelled | `interrupted` | `interrupted` | `interrupted` |
    /// | a time limit has passed; `ETIMEDOUT` | `timeout` | `timeout` | `timeout` |
    /// | silence in a handshake, of TLS or of a proxy | `timeout` | `timeout` | `timeout` |
    /// | names that do not resolve, or not in time | `dns_failed` | `dns_failed` | `dns_failed` |
    /// | refused, reset, unreachable | `connection_failed` | `connection_failed` | `connection_failed` |
    /// | TLS: certificate, name, protocol | `tls_failed` | `tls_failed` | `tls_failed` |
    /// | TLS: the peer hung up in the handshake | `connection_failed` | `connection_failed` | `connection_failed` |
    /// | the peer hung up within a reply | `connection_failed` | `connection_failed` | `truncated` |
    /// | a reply larger than the limit | `invalid_response` | `connection_failed` | `connection_failed` |
    /// | a compressed body that ends too early | `invalid_response` | `truncated` | `truncated` |
    /// | a compressed body that is corrupt | `invalid_response` | `corrupt_png` | `corrupt_png` |
    /// | a compressed body that is too large | `invalid_response` | `image_too_large` | `image_too_large` |
    /// | a reply that is not HTTP | `invalid_response` | `connection_failed` | `truncated` |
    /// | a proxy that wants a user name | `http_error` | `download_http_error` | `download_http_error` |
    /// | a proxy that refuses the tunnel | `connection_failed` | `connection_failed` | `connection_failed` |
    /// | a peer that is not public | `connection_failed` | `url_rejected` | `url_rejected` |
    /// | too many open files | `connection_failed` | `connection_failed` | `connection_failed` |
    /// | everything else | `connection_failed` | `connection_failed` | `connection_failed` |
    ///
    /// A proxy may refuse because it cannot reach the host at the moment, or because it never will. It seldom says which,
    /// so another try is worth it. A proxy that wants a user name will want it the next time too.
    ///
    /// - Parameters:
    ///   - proxied: whether the request went through a proxy, which may have caused the error.
    ///   - cancelled: whether the task of the request was cancelled. The error is then a result of that.
    ///   - httpStatus: the status of the reply, if its head had arrived.
    static func ofTransport(
        _ error: any Error, in exchange: ExchangePhase, proxied: Bool = false, cancelled: Bool, httpStatus: Int? = nil
    ) -> JobFailure {
        if let failure = error as? JobFailure { return failure }
        if cancelled || error is CancellationError {
            return JobFailure(.interrupted, at: .run, "The run was interrupted while a request was in flight.")
        }
        let kind = TransportErrorKind(error)
        return JobFailure(
            kind.code(in: exchange), at: exchange.stage, kind.sentence(to: exchange, proxied: proxied),
            httpStatus: kind == .proxyWantsUser ? 407 : httpStatus, cause: kind.cause(in: exchange))
    }
}

/// The kinds of errors that are handled differently.
enum TransportErrorKind: Equatable {
    case timeout, dns, refused, tls, tlsHangUp, hangUp, tooLarge, notHTTP, other
    case proxyWantsUser, proxyRefusal
    case tooManyOpenFiles
    case privatePeer(SpecialAddress)
    case decompression(BodyDecoderError)

    init(_ error: any Error) {
        switch error {
        case let error as ConnectionError: self.init(connection: error)
        case let error as NIOConnectionError: self.init(connecting: error)
        case let error as HTTPParserError: self = error == .invalidEOFState ? .hangUp : .notHTTP
        case is NIOHTTPDecoderError, is ByteToMessageDecoderError: self = .notHTTP
        case let error as NIOHTTP2Errors.StreamError: self.init(error.baseError)
        // The stream has ended before so many bytes had come, or has gone on after them.
        case is NIOHTTP2Errors.ContentLengthViolated: self = .hangUp
        case is any NIOHTTP2Error: self = .notHTTP
        case let error as NIOSSLError: self.init(tls: error)
        case is NIOSSLExtraError, is BoringSSLError: self = .tls
        case let error as NIOHTTP1ProxyConnectHandler.Error: self.init(tunnel: error)
        case let error as PeerNotPublicError: self = .privatePeer(error.kind)
        case ChannelError.connectTimeout: self = .timeout
        case ChannelError.eof, ChannelError.inputClosed: self = .hangUp
        case let error as IOError: self.init(errno: error.errnoCode)
        case let error as BodyDecoderError: self = .decompression(error)
        default: self = .other
        }
    }

    private init(connection error: ConnectionError) {
        switch error {
        case .timeout: self = .timeout
        case .resolverSilent: self = .dns
        case .hangUp: self = .hangUp
        case .replyTooLarge: self = .tooLarge
        case .notProcessed, .needsHTTP1: self = .refused
        }
    }

    private init(errno code: CInt) {
        switch code {
        case ETIMEDOUT: self = .timeout
        case EMFILE, ENFILE: self = .tooManyOpenFiles
        default: self = .refused
        }
    }

    private init(tunnel error: NIOHTTP1ProxyConnectHandler.Error) {
        switch error {
        case .proxyAuthenticationRequired(): self = .proxyWantsUser
        case .httpProxyHandshakeTimeout(): self = .timeout
        case .remoteConnectionClosed(), .channelUnexpectedlyInactive(): self = .hangUp
        default: self = .proxyRefusal
        }
    }

    /// A name that resolves has an error for each of its addresses; one that does not resolve has none.
    private init(connecting error: NIOConnectionError) {
        if error.connectionErrors.isEmpty {
            self = error.dnsAError == nil && error.dnsAAAAError == nil ? .other : .dns
        } else {
            let kinds = error.connectionErrors.map { TransportErrorKind($0.error) }
            if kinds.allSatisfy({ $0 == .timeout }) {
                self = .timeout
            } else {
                self = kinds.contains(.tooManyOpenFiles) ? .tooManyOpenFiles : .refused
            }
        }
    }

    /// A peer that hangs up during a handshake says nothing about its certificate, so another try may succeed.
    private init(tls error: NIOSSLError) {
        switch error {
        case .uncleanShutdown: self = .hangUp
        case .handshakeFailed(.syscallError), .handshakeFailed(.zeroReturn): self = .tlsHangUp
        case .handshakeFailed(.sslError(let stack)) where stack.contains(.eofDuringHandshake): self = .tlsHangUp
        default: self = .tls
        }
    }

    func code(in exchange: ExchangePhase) -> FailureCode {
        switch self {
        case .timeout: .timeout
        case .dns: .dnsFailed
        case .tls: .tlsFailed
        case .refused, .tlsHangUp, .other, .proxyRefusal, .tooManyOpenFiles: .connectionFailed
        case .proxyWantsUser: exchange == .poll ? .httpError : .downloadHTTPError
        case .hangUp: exchange == .imageBody ? .truncated : .connectionFailed
        case .tooLarge: exchange == .poll ? .invalidResponse : .connectionFailed
        case .notHTTP:
            switch exchange {
            case .poll: .invalidResponse
            case .imageHead: .connectionFailed
            case .imageBody: .truncated
            }
        case .privatePeer: exchange == .poll ? .connectionFailed : .urlRejected
        case .decompression(.noMemory): .connectionFailed
        case .decompression where exchange == .poll: .invalidResponse
        case .decompression(.truncated): .truncated
        case .decompression(.corrupt): .corruptPNG
        case .decompression(.tooLarge): .imageTooLarge
        }
    }

    func cause(in exchange: ExchangePhase) -> JobFailure.Cause? {
        switch self {
        case .privatePeer where exchange != .poll: .hostNotPublic
        case .tooManyOpenFiles: .tooManyOpenFiles
        default: nil
        }
    }

    func sentence(to exchange: ExchangePhase, proxied: Bool) -> String {
        let server = exchange == .poll ? "The API" : "The image host"
        // Only a few errors certainly come from the proxy; any other may come from either.
        let peer = proxied ? "\(server), or the proxy before it," : server
        return switch self {
        case .timeout: "\(peer) did not answer in time."
        case .dns: "\(proxied ? "The proxy" : server)'s name could not be resolved."
        case .tls: "\(server) could not be trusted, or speaks no TLS that we do."
        case .refused, .other: "\(peer) could not be reached, or dropped the connection."
        case .tlsHangUp: "\(peer) closed the connection during the TLS handshake."
        case .hangUp: "\(peer) closed the connection before its reply was whole."
        case .tooLarge: "\(server) sent a larger reply than any that is accepted."
        case .notHTTP: "\(peer) sent something that is not proper HTTP."
        case .privatePeer(let kind): "\(server)'s name leads to an address that is \(kind.rawValue)."
        case .proxyWantsUser:
            "The proxy asks for a user name and a password, or refuses those that it was given (407)."
        case .proxyRefusal: "The proxy refused to connect to \(exchange == .poll ? "the API" : "the image host")."
        case .tooManyOpenFiles:
            "No connection could be opened: this program, or the whole machine, has too many files open."
        case .decompression(.truncated): "\(server)'s reply is compressed, and ends too early."
        case .decompression(.corrupt): "\(server)'s reply is compressed, and cannot be unpacked: it is corrupt."
        case .decompression(.tooLarge): "\(server)'s reply is compressed, and larger than the limit once unpacked."
        case .decompression(.noMemory): "\(server)'s reply is compressed, and there is no memory to unpack it."
        }
    }
}
