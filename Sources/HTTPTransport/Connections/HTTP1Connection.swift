import NIOCore
import NIOHTTP1

/// A connection of HTTP/1.1, which carries one request at a time.
///
/// Belongs to its event loop: everything here is called on that loop's thread. Ordinary replies are read here; what others
/// consist of goes on to ``DecodedReplies``, which stands behind it from the first of them on. While too many parts of a
/// reply wait to be read, nothing more is taken from the socket.
final class HTTP1Connection: ChannelDuplexHandler, HTTPExchange {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = ByteBuffer

    /// How the bytes that come next are read.
    private enum Reading {
        /// A reply begins with them.
        case head
        /// They belong to the body of an ordinary reply, of which so many are left.
        case body(Int)
        /// They belong to another reply.
        case decoded
    }

    let parts = ReplyParts()
    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private var reading = Reading.head
    /// Made for the first reply that is not ordinary.
    private var decoded: DecodedReplies?
    /// A byte has arrived since the last request.
    private(set) var replyHasArrived = false
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
        parts.whenRead = { [unowned self] _ in readIfHeld() }
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
        isIdle && isKeptAlive && parts.failure == nil && parts.isEmpty && context != nil
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
        // First, for the decoder may have waited for just that: some bodies end with the connection.
        context.fireChannelInactive()
        fail(ConnectionError.hangUp)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
    }

    // MARK: One request

    func send(_ request: GetRequest, due: NIODeadline, stall: TimeAmount?, inTurns: Bool) {
        precondition(isIdle && parts.isEmpty, "a connection carries one request at a time")
        replyHasArrived = false
        guard let context, parts.failure == nil else { return }
        isIdle = false
        reading = .head
        self.stall = stall
        turn = inTurns ? .open : .unlimited
        deadline.set(due)
        context.writeAndFlush(wrapOutboundOut(request.encoded), promise: nil)
    }

    /// What passes here is the head that the decoder had to see, see ``DecodedReplies/expectReply()``.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        promise?.succeed()
    }

    var needsTurn: Bool { turn == .over && parts.isEmpty && parts.failure == nil && !isIdle }

    func beginTurn() {
        guard parts.failure == nil else { return }
        turn = .open
        if let stall { deadline.set(.now() + stall) }
        readIfHeld()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A reply without a request.
        guard !isIdle else { return fail(ConnectionError.hangUp) }
        replyHasArrived = true
        var bytes = unwrapInboundIn(data)
        if case .head = reading { beginReply(with: &bytes, in: context) }
        if case .body(let left) = reading {
            receiveBody(bytes, of: left)
        } else {
            context.fireChannelRead(wrapInboundOut(bytes))
        }
    }

    /// Reads an ordinary head, or leaves it to the decoder.
    private func beginReply(with bytes: inout ByteBuffer, in context: ChannelHandlerContext) {
        if let head = bytes.withUnsafeReadableBytes(OrdinaryHead.init) {
            bytes.moveReaderIndex(forwardBy: head.length)
            reading = .body(head.contentLength)
            receive(.head(ReplyHead(head)))
            return
        }
        do {
            reading = .decoded
            try (decoded ?? addDecoder(to: context.pipeline.syncOperations)).expectReply()
        } catch {
            fail(error)
        }
    }

    private func addDecoder(to pipeline: ChannelPipeline.SynchronousOperations) throws -> DecodedReplies {
        let decoded = DecodedReplies(for: self)
        try decoded.add(to: pipeline)
        self.decoded = decoded
        return decoded
    }

    private func receiveBody(_ bytes: ByteBuffer, of left: Int) {
        reading = .body(left - bytes.readableBytes)
        if bytes.readableBytes < left {
            if bytes.readableBytes > 0 { receive(.body(bytes)) }
            return
        }
        if left > 0, let rest = bytes.getSlice(at: bytes.readerIndex, length: left) { receive(.body(rest)) }
        receive(.end)
        // Bytes after the end of a reply are dropped, and the connection with them.
        if bytes.readableBytes > left { fail(ConnectionError.hangUp) }
    }

    /// Takes in the next part of the reply.
    func receive(_ part: ReplyPart) {
        guard !isIdle else { return fail(ConnectionError.hangUp) }
        switch part {
        case .head(let head):
            isKeptAlive = head.isKeptAlive
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
