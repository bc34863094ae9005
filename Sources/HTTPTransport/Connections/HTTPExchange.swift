import NIOCore

/// One request and its reply, over a connection of any version of HTTP.
///
/// Belongs to the event loop of its connection.
protocol HTTPExchange: AnyObject {
    /// The reply, as it arrives.
    var parts: ReplyParts { get }

    /// Sends the request.
    ///
    /// Over a connection that has failed nothing is sent, and reading throws its error.
    ///
    /// - Parameters:
    ///   - due: the deadline for the complete reply, or with `stall` for its head.
    ///   - stall: longest silence between two parts of the body.
    ///   - inTurns: whether each part of the body is read only after ``beginTurn()``.
    func send(_ request: GetRequest, due: NIODeadline, stall: TimeAmount?, inTurns: Bool)

    /// Whether the next part of the body is to be read only after ``beginTurn()``.
    var needsTurn: Bool { get }

    /// Lets the next part of the body be read.
    func beginTurn()
}

extension HTTPExchange {
    /// Sends a request whose complete reply is due at a deadline.
    func send(_ request: GetRequest, due: NIODeadline) { send(request, due: due, stall: nil, inTurns: false) }
}

/// Whether a reply may be read on, where the rate is limited.
enum ReadTurn {
    case unlimited
    /// Until the next part of the reply.
    case open
    /// Not before a turn begins.
    case over
}
