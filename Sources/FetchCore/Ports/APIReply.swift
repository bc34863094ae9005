/// A whole HTTP reply of the API, as it came.
public struct APIReply: Sendable, Equatable {
    public let status: Int
    public let body: [UInt8]
    /// The server's `Retry-After`, already turned into a length of time; nil when absent or nonsense.
    public let retryAfter: Duration?

    public init(status: Int, body: [UInt8], retryAfter: Duration? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }
}
