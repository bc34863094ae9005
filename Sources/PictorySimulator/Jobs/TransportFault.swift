/// What goes wrong with one poll.
enum PollFault: Equatable, Sendable {
    case rateLimited(RetryHint?)
    case serverError(status: Int, html: Bool, retry: RetryHint? = nil)
    case refusedByFrontDoor
    case resetBeforeReply
    case resetWithinReply
    case cutReply
    /// The reply comes after so many virtual seconds.
    case late(Double)
}

/// What a `Retry-After` header says, in seconds from now.
enum RetryHint: Equatable, Sendable {
    case seconds(Int)
    case date(Int)
}

/// What goes wrong with one download.
enum ImageError: Equatable, Sendable {
    case refused(status: Int)
    case serverError(status: Int)
    case resetBeforeReply
    case resetWithinReply
    case cut
    /// The bytes come in pieces over so many virtual seconds.
    case slow(Double)
    case stalled
    case bitFlipped
    case html
    case oversized(declared: Bool)
    case redirect
    case redirectLoop
}
