import NIOCore
import NIOHTTP1

/// A connection of HTTP/1.1, which carries one request at a time; the last handler of its channel.
///
/// Belongs to its event loop: everything here is called on that loop's thread. While too many parts of a reply wait to be
/// read, nothing more is taken from the socket.
final class HTTP1Connection: ChannelDuplexHandler, HTTPExchange {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPClientRequestPart

    /// Writes the requests; stands between the socket and the decoder of replies.
    let writer = RequestWriter()
    /// Sees the first byte of a reply; stands before the decoder.
    let reply = ReplyStartHandler()
    let parts = ReplyParts()
    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private lazy var deadline = ResettableDeadline(on: loop) { [weak self] in self?.fail(ConnectionError.timeout) }

    private var readIsHeld = false
    private var turn = ReadTurn.unlimited
    /// Longest silence within a body; nil if the deadline is for the whole request.
    private var stall: TimeAmount?
    /// There is no request in flight.
    private var isIdle = true
    private var uses = 0
    /// Told when the connection is closed before it is checked out again.
    private var whenClosedIdle: (() -> Void)?
    /// The server keeps the connection open after this reply.
    private var isKeptAlive = true

    init(on loop: any EventLoop) {
        self.loop = loop
        parts.whenRead = { [weak self] _ in self?.readIfHeld() }
    }

    /// Takes the connection into use, and returns the number of this use.
    func checkOut() -> Int {
        whenClosedIdle = nil
        uses += 1
        return uses
    }

    /// Ends the request of a cancelled task, unless another use has begun since.
    func cancel(use: Int) {
        if use == uses { fail(CancellationError()) }
    }

    // MARK: Life cycle

    /// Whether it can carry the next request.
    var isReusable: Bool {
        isIdle && isKeptAlive && parts.failure == nil && parts.isEmpty && context?.channel.isActive == true
    }

    /// Waits for the next request until `end`, and closes then; calls back if it is closed first, or then.
    func stayIdle(until end: NIODeadline, whenClosed: @escaping () -> Void) {
        whenClosedIdle = whenClosed
        deadline.set(end)
    }

    /// Closes the connection, and ends the request in flight with the error.
    func fail(_ error: any Error) {
        guard parts.failure == nil else { return }
        // First, for to close the channel is to hear of it, and the first error counts.
        parts.fail(error)
        deadline.cancel()
        context?.close(promise: nil)
        whenClosedIdle?()
        whenClosedIdle = nil
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ConnectionError.hangUp)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
    }

    // MARK: One request

    func send(_ request: GetRequest, due: NIODeadline, stall: TimeAmount?, inTurns: Bool) {
        precondition(isIdle && parts.isEmpty, "a connection carries one request at a time")
        reply.expect()
        guard parts.failure == nil else { return }
        isIdle = false
        self.stall = stall
        turn = inTurns ? .open : .unlimited
        deadline.set(due)
        context?.writeAndFlush(wrapOutboundOut(writer.head(of: request)), promise: nil)
    }

    var needsTurn: Bool { turn == .over && parts.isEmpty && parts.failure == nil && !isIdle }

    func beginTurn() {
        guard parts.failure == nil else { return }
        turn = .open
        if let stall { deadline.set(.now() + stall) }
        readIfHeld()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        // A reply without a request.
        guard !isIdle else { return fail(ConnectionError.hangUp) }
        switch part {
        case .head(let head):
            isKeptAlive = head.isKeepAlive
        case .body:
            break
        case .end:
            isIdle = true
            deadline.set(nil)
        }
        if turn == .open { turn = .over }
        // While nothing is read, nothing can be silent.
        if let stall, !isIdle { deadline.set(turn == .over ? nil : .now() + stall) }
        parts.append(part)
    }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { readIsHeld = true }
    }

    private var mayRead: Bool { !parts.isFull && (turn != .over || isIdle) }

    private func readIfHeld() {
        guard readIsHeld, mayRead else { return }
        readIsHeld = false
        context?.read()
    }
}
