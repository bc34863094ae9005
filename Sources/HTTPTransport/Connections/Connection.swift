import NIOCore
import NIOHTTP1
import NIOTLS

/// A connection of HTTP/1.1, which carries one request at a time; the last handler of its channel.
///
/// Belongs to its event loop: everything here is called on that loop's thread. The parts of a reply wait here until
/// they are asked for. While too many of them wait, nothing more is read.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPClientRequestPart

    let route: Route
    /// Writes the requests; stands between the socket and the decoder of replies.
    let writer = RequestWriter()
    /// Sees the first byte of a reply; stands before the decoder.
    let reply = ReplyStartHandler()
    private let awaitsTLS: Bool
    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private lazy var deadline = ResettableDeadline(on: loop) { [weak self] in self?.fail(ConnectionError.timeout) }

    /// Called once, when the connection can carry a request or has failed.
    private var readyCallback: ((Result<Void, any Error>) -> Void)?
    private var isReady = false
    /// Why there will be no more parts; those that arrived before can still be read.
    private var failure: (any Error)?

    private var parts = WaitingParts()
    private var reader: CheckedContinuation<HTTPClientResponsePart, any Error>?
    private var readIsHeld = false
    private var turn = Turn.unlimited
    /// Longest silence within a body; nil if the deadline is for the whole request.
    private var stall: TimeAmount?
    /// There is no request in flight.
    private var isIdle = true
    private var uses = 0
    /// Told when the connection is closed before it is checked out again.
    private var whenClosedIdle: (() -> Void)?
    /// The server keeps the connection open after this reply.
    private var isKeptAlive = true

    /// Whether the reply may be read on, where the rate is limited.
    private enum Turn {
        case unlimited
        /// Until the next part of the reply has arrived.
        case open
        /// Not before ``beginTurn()``.
        case over
    }

    /// - Parameter awaitsTLS: the connection is ready after the TLS handshake, not as soon as the socket is connected.
    init(_ route: Route, on loop: any EventLoop, awaitsTLS: Bool) {
        self.route = route
        self.loop = loop
        self.awaitsTLS = awaitsTLS
    }

    /// A reference for other threads, which can only pass it to the loop.
    var handle: NIOLoopBound<Connection> { NIOLoopBound(self, eventLoop: loop) }

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

    /// Calls back when the connection is ready or has failed; at once if it is so already.
    func whenReady(_ call: @escaping (Result<Void, any Error>) -> Void) {
        if let failure {
            call(.failure(failure))
        } else if isReady {
            call(.success(()))
        } else {
            readyCallback = call
        }
    }

    /// Whether it can carry the next request.
    var isReusable: Bool {
        isIdle && isKeptAlive && failure == nil && parts.isEmpty && context?.channel.isActive == true
    }

    /// Waits for the next request until `end`, and closes then; calls back if it is closed first, or then.
    func stayIdle(until end: NIODeadline, whenClosed: @escaping () -> Void) {
        whenClosedIdle = whenClosed
        deadline.set(end)
    }

    /// Closes the connection, and ends the request in flight with the error.
    func fail(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        deadline.cancel()
        context?.close(promise: nil)
        readyCallback?(.failure(error))
        readyCallback = nil
        reader?.resume(throwing: error)
        reader = nil
        whenClosedIdle?()
        whenClosedIdle = nil
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        if !awaitsTLS { becomeReady() }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if awaitsTLS, case .handshakeCompleted? = event as? TLSUserEvent { becomeReady() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ConnectionError.hangUp)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
    }

    private func becomeReady() {
        isReady = true
        readyCallback?(.success(()))
        readyCallback = nil
    }

    // MARK: One request

    /// Sends a request; its reply is read with ``nextHead()`` and ``nextBytes()``.
    ///
    /// Over a connection that has failed nothing is sent, and reading throws its error.
    ///
    /// - Parameters:
    ///   - due: the deadline for the complete reply, or with `stall` for its head.
    ///   - stall: longest silence between two parts of the body.
    ///   - inTurns: whether each part of the body is read only after ``beginTurn()``.
    func send(_ request: GetRequest, due: NIODeadline, stall: TimeAmount? = nil, inTurns: Bool = false) {
        precondition(isIdle && parts.isEmpty, "a connection carries one request at a time")
        reply.expect()
        guard failure == nil else { return }
        isIdle = false
        self.stall = stall
        turn = inTurns ? .open : .unlimited
        deadline.set(due)
        context?.writeAndFlush(wrapOutboundOut(writer.head(of: request)), promise: nil)
    }

    /// Waits for the head of the reply.
    func nextHead() async throws -> HTTPResponseHead {
        // The decoder lets nothing else arrive first.
        guard case .head(let head) = try await nextPart() else { throw ConnectionError.hangUp }
        return head
    }

    /// Waits for the next bytes of the body; nil at its end.
    func nextBytes() async throws -> ByteBuffer? {
        guard case .body(let bytes) = try await nextPart() else { return nil }
        return bytes
    }

    /// Whether the next part of the reply comes only after ``beginTurn()``.
    var needsTurn: Bool { turn == .over && parts.isEmpty && failure == nil && !isIdle }

    /// Reads on until the next part of the reply has arrived.
    func beginTurn() {
        guard failure == nil else { return }
        turn = .open
        if let stall { deadline.set(.now() + stall) }
        readIfHeld()
    }

    /// Waits for the next part of the reply. Only one task may wait at a time.
    private func nextPart() async throws -> HTTPClientResponsePart {
        if let part = takePart() { return part }
        if let failure { throw failure }
        return try await withCheckedThrowingContinuation { reader = $0 }
    }

    /// Drops the parts that have arrived, so that a short body that nobody reads costs no connection.
    func skipWaitingParts() {
        while takePart() != nil {}
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
        if let reader {
            self.reader = nil
            reader.resume(returning: part)
        } else {
            parts.append(part)
        }
    }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { readIsHeld = true }
    }

    private func takePart() -> HTTPClientResponsePart? {
        guard let part = parts.popFirst() else { return nil }
        readIfHeld()
        return part
    }

    private var mayRead: Bool { !parts.isFull && (turn != .over || isIdle) }

    private func readIfHeld() {
        guard readIsHeld, mayRead else { return }
        readIsHeld = false
        context?.read()
    }
}

extension HTTPResponseHead {
    /// The length of the body that the server has announced.
    var contentLength: Int? { headers.first(name: "Content-Length").flatMap { Int($0) } }
}
