import NIOCore

/// Sees the bytes of a reply before they are read: notes that the first has come, and mends the head.
///
/// Belongs to one connection and its event loop; stands between what brings the bytes, TLS included, and the decoder.
final class ReplyStart: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// A byte has come since the last request.
    private(set) var hasCome = false
    private var mender = HeadMender()

    /// A request is made; what comes from now on is its reply.
    func expect() {
        hasCome = false
        mender = HeadMender()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasCome = true
        guard mender.isInHead else { return context.fireChannelRead(data) }
        let bytes = mender.mend(unwrapInboundIn(data))
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }
}
