import NIOHTTP2

/// Why a connection or its request failed, where no library has an error for it.
enum ConnectionError: Error, Equatable {
    /// The deadline has passed before the connection was made, or before the reply arrived.
    case timeout
    /// The time to connect was over before the name was looked up.
    case resolverSilent
    /// The peer closed the connection before its reply was complete.
    case hangUp
    /// The reply is larger than any that is read.
    case replyTooLarge
    /// The server says that it has not processed the request, which can be sent again (RFC 9113, section 8.7).
    case notProcessed
    /// The server takes the request over HTTP/1.1 alone.
    case needsHTTP1
}

extension ConnectionError {
    /// The server, or NIO's handler, has ended a stream before its reply was complete.
    init(reset reason: HTTP2ErrorCode?) {
        switch reason {
        case .refusedStream?: self = .notProcessed
        case .http11Required?: self = .needsHTTP1
        default: self = .hangUp
        }
    }
}
