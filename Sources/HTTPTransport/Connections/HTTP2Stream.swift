import NIOCore
import NIOHPACK
import NIOHTTP2

/// One request and its reply over a connection of HTTP/2.
///
/// Belongs to the event loop of its connection.
final class HTTP2Stream: HTTPExchange {
    let parts = ReplyParts()
    /// Longest silence within a body; nil if the deadline is for the whole request.
    private var stall: TimeAmount?
    /// When the request fails, unless something arrives before.
    private(set) var deadline = NIODeadline.distantFuture
    private var hasHead = false
    private var interimHeads = 0
    /// The reply has arrived to its end.
    private(set) var hasEnded = false
    /// The number of the stream; nil before the request was sent.
    private(set) var id: HTTP2StreamID?
    /// How many frames the connection had received when the request was sent.
    private var framesBefore = 0
    private let connection: HTTP2Connection
    private var turn = ReadTurn.unlimited
    /// Bytes that have arrived since the server was last told that it may send as many more.
    private var uncreditedBytes = 0

    /// A server has reason for one or two.
    private static let mostInterimHeads = 100

    init(_ connection: HTTP2Connection) {
        self.connection = connection
        parts.whenRead = { [unowned self] in wasRead($0) }
    }

    func send(_ request: GetRequest, due: NIODeadline, stall: TimeAmount?, inTurns: Bool) {
        precondition(id == nil, "a stream carries one request")
        turn = inTurns ? .open : .unlimited
        self.stall = stall
        framesBefore = connection.receivedFrames
        id = connection.send(request, for: self)
        if id != nil { setDeadline(due) }
    }

    /// Whether something has arrived over the connection since the request was sent.
    var hasHeardSince: Bool { connection.receivedFrames > framesBefore }

    /// Whether the request failed because the connection was dead when it was sent, see ``DeadConnection``.
    func hasFoundDeadConnection(by error: any Error) -> Bool {
        connection.hasCarriedReply && DeadConnection.isFound(by: error, replyHasArrived: hasHeardSince)
    }

    /// Ends the request with an error. The connection goes on.
    func fail(_ error: any Error) {
        deadline = .distantFuture
        parts.fail(error)
    }

    /// Takes in header fields: the head of the reply, an interim one, which is passed over, or what follows the body.
    func receive(_ fields: HPACKHeaders, isEnd: Bool) {
        if !hasHead {
            // The handler before lets nothing pass without a status, but any status.
            guard let status = fields.first(name: ":status").flatMap({ Int($0) }), (100...999).contains(status) else {
                return fail(ConnectionError.hangUp)
            }
            // It moves no deadline, as with HTTP/1.1.
            if (100..<200).contains(status), !isEnd { return receiveInterimHead() }
            hasHead = true
            parts.append(.head(ReplyHead(status: status, fields)))
        }
        isEnd ? end() : arrived()
    }

    private func receiveInterimHead() {
        interimHeads += 1
        if interimHeads > Self.mostInterimHeads { connection.fail(ConnectionError.hangUp) }
    }

    /// Takes in a part of the body, which took so many bytes of the window.
    func receive(_ bytes: ByteBuffer, isEnd: Bool, windowBytes: Int) {
        uncreditedBytes += windowBytes
        // The window of a stream that has ended cannot be opened any more.
        hasEnded = isEnd
        if bytes.readableBytes > 0 { parts.append(.body(bytes)) }
        guard !isEnd else { return end() }
        // Padding is read by nobody.
        giveCredit()
        arrived()
    }

    private func wasRead(_ bodyBytes: Int) {
        if turn == .open, bodyBytes > 0 {
            turn = .over
            deadline = .distantFuture
        }
        giveCredit()
    }

    /// Lets the server send more once half of the window was read.
    private func giveCredit() {
        let credit = uncreditedBytes - parts.waitingBytes
        guard let id, !hasEnded, parts.failure == nil, credit >= connection.streamWindow / 2 else { return }
        uncreditedBytes -= credit
        connection.openWindow(of: id, by: credit)
    }

    /// What has arrived already is read in turns too: so the server is let on at the same rate.
    var needsTurn: Bool {
        turn == .over && parts.failure == nil && (!hasEnded || parts.waitingBodyBytes > 0)
    }

    func beginTurn() {
        guard parts.failure == nil else { return }
        turn = .open
        if !hasEnded { arrived() }
    }

    private func end() {
        hasEnded = true
        deadline = .distantFuture
        parts.append(.end)
    }

    /// While nothing is to be read, nothing can be silent.
    private func arrived() {
        if let stall, turn != .over { setDeadline(.now() + stall) }
    }

    private func setDeadline(_ time: NIODeadline) {
        deadline = time
        connection.noteDeadline(time)
    }
}
