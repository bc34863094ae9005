import NIOCore
import NIOHPACK
import NIOHTTP2

/// A connection of HTTP/2, which carries many requests at a time; the last handler of its channel.
///
/// Belongs to its event loop: everything here is called on that loop's thread. NIO's handler before it knows the frames
/// and the rules of the protocol, and how many streams the server permits; here are the requests.
///
/// What a server may send unasked is bounded: one window for each reply, and as much as all of them for the connection.
final class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private var streams: [HTTP2StreamID: HTTP2Stream] = [:]
    private var nextID = HTTP2StreamID(1)
    /// Frames of any kind.
    private(set) var receivedFrames = 0
    /// Some reply has arrived to its end.
    private(set) var hasCarriedReply = false
    private var failure: (any Error)?
    /// An error of a frame that came in, until it is known whether it ends one stream or the connection.
    private var frameError: (any Error)?
    private var flushIsDue = false

    /// No request is begun any more.
    private var isClosing = false
    /// How many requests it takes at once; 0 once none is begun any more.
    private(set) var capacity: Int {
        didSet { whenCapacityChanges?(capacity) }
    }
    /// The server has said so.
    private(set) var knowsCapacity = false
    var whenCapacityChanges: ((Int) -> Void)?

    private lazy var timer = ResettableDeadline(on: loop) { [weak self] in self?.timeHasPassed() }
    /// When the timer fires at the latest.
    private var nextDeadline: NIODeadline?
    private var idleUntil: NIODeadline?

    /// Bytes that the server may send over one stream before they are read.
    let streamWindow: Int

    /// - Parameter isLimited: whether the rate is limited at which replies are read.
    init(on loop: any EventLoop, isLimited: Bool) {
        self.loop = loop
        capacity = HTTP2Framing.likelyStreams
        streamWindow = isLimited ? HTTP2Framing.initialWindow : ReplyParts.bytesLimit
    }

    // MARK: Life cycle

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        keepOpen(HTTP2Framing.initialWindow)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ConnectionError.hangUp)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is any NIOHTTP2Error || error is NIOHTTP2Errors.StreamError { frameError = error } else { fail(error) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let frameError { fail(frameError) }
        context.fireChannelReadComplete()
    }

    /// Closes the connection, and ends the requests in flight with the error.
    func fail(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        timer.cancel()
        context?.close(promise: nil)
        for stream in streams.values { stream.fail(error) }
        streams = [:]
        stopTaking()
    }

    private func stopTaking() {
        guard !isClosing else { return }
        isClosing = true
        capacity = 0
    }

    /// Waits for the next request until `end`, and closes then.
    func stayIdle(until end: NIODeadline) {
        idleUntil = end
        noteDeadline(end)
    }

    // MARK: Requests

    /// Sends a request, and returns the number of its stream; nil over a connection that has failed.
    func send(_ request: GetRequest, for stream: HTTP2Stream) -> HTTP2StreamID? {
        guard let context, failure == nil, !isClosing else {
            stream.fail(failure ?? ConnectionError.notProcessed)
            return nil
        }
        idleUntil = nil
        let id = nextID
        streams[id] = stream
        if id < Self.lastID { nextID = id.advanced(by: 2) } else { stopTaking() }
        let sent = loop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenFailure { stream.fail($0) }
        let frame = HTTP2Frame(
            streamID: id, payload: .headers(.init(headers: request.http2Fields, endStream: true)))
        context.write(wrapOutboundOut(frame), promise: sent)
        flushSoon()
        return id
    }

    /// The number of the last stream that a client can make.
    private static let lastID = HTTP2StreamID(Int32.max)

    /// The caller has done with a request. One whose reply has not arrived to its end is called off.
    func end(_ stream: HTTP2Stream) {
        guard let id = stream.id, streams.removeValue(forKey: id) != nil, !stream.hasEnded else { return }
        write(.rstStream(.cancel), to: id)
    }

    func openWindow(of id: HTTP2StreamID, by bytes: Int) {
        write(.windowUpdate(windowSizeIncrement: bytes), to: id)
    }

    private func write(_ payload: HTTP2Frame.FramePayload, to id: HTTP2StreamID) {
        guard failure == nil else { return }
        context?.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
        flushSoon()
    }

    /// Flushes at the end of the loop's turn, so that many requests take one record of TLS and one call of the system.
    private func flushSoon() {
        guard !flushIsDue else { return }
        flushIsDue = true
        let handle = NIOLoopBound(self, eventLoop: loop)
        loop.execute {
            handle.value.flushIsDue = false
            handle.value.context?.flush()
        }
    }

    // MARK: What arrives

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        receivedFrames += 1
        let stream = streams[frame.streamID]
        switch frame.payload {
        case .headers(let headers):
            stream?.receive(headers.headers, isEnd: headers.endStream)
        case .data(let data):
            receive(data, on: stream)
        case .goAway(let last, _, _):
            goAway(after: last)
        case .settings(.settings(let settings)):
            guard !isClosing, let most = settings.last(where: { $0.parameter == .maxConcurrentStreams }) else { return }
            knowsCapacity = true
            if most.value > 0 { capacity = min(most.value, HTTP2Framing.mostStreams) } else { stopTaking() }
        default:
            break
        }
        if stream?.hasEnded == true { hasCarriedReply = true }
    }

    private func receive(_ data: HTTP2Frame.FramePayload.Data, on stream: HTTP2Stream?) {
        // Padding counts, and so does the byte that tells its length.
        guard case .byteBuffer(let bytes) = data.data else { return }
        let windowBytes = bytes.readableBytes + (data.paddingBytes.map { $0 + 1 } ?? 0)
        stream?.receive(bytes, isEnd: data.endStream, windowBytes: windowBytes)
    }

    /// The server takes no more requests: those after the last that it names were not processed, the others go on.
    private func goAway(after last: HTTP2StreamID) {
        for (id, stream) in streams where id > last {
            streams[id] = nil
            stream.fail(ConnectionError.notProcessed)
        }
        closeWhenDone()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let closed as StreamClosedEvent: streamClosed(closed)
        case let window as NIOHTTP2WindowUpdatedEvent where window.streamID == .rootStream:
            keepOpen(window.inboundWindowSize ?? HTTP2Framing.window)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Lets the server send on over the connection; what still comes of replies that were given up counts here too.
    ///
    /// Each stream has a window of its own, so the connection's never waits for a reader.
    private func keepOpen(_ window: Int) {
        if window <= HTTP2Framing.window / 2 { openWindow(of: .rootStream, by: HTTP2Framing.window - window) }
    }

    private func streamClosed(_ event: StreamClosedEvent) {
        let error = frameError.take()
        guard let stream = streams.removeValue(forKey: event.streamID) else { return }
        if !stream.hasEnded { stream.fail(error ?? ConnectionError(reset: event.reason)) }
        closeIfDone()
    }

    /// Begins no request any more, and closes the connection after the last reply.
    func closeWhenDone() {
        stopTaking()
        closeIfDone()
    }

    private func closeIfDone() {
        if isClosing, streams.isEmpty { fail(ConnectionError.hangUp) }
    }

    // MARK: Time

    /// A deadline of a stream, or of an idle connection. One timer serves them all, and seldom moves.
    func noteDeadline(_ deadline: NIODeadline) {
        guard deadline < nextDeadline ?? .distantFuture else { return }
        nextDeadline = deadline
        timer.set(deadline)
    }

    private func timeHasPassed() {
        let now = NIODeadline.now()
        if let idleUntil, idleUntil <= now { return fail(ConnectionError.hangUp) }
        nextDeadline = nil
        for stream in streams.values {
            guard stream.deadline <= now else {
                noteDeadline(stream.deadline)
                continue
            }
            // Where nothing at all has arrived for so long, the way there is cut, and the next request takes another.
            if !stream.hasHeardSince { stopTaking() }
            stream.fail(ConnectionError.timeout)
        }
        if let idleUntil { noteDeadline(idleUntil) }
    }
}
