import NIOCore

/// Sees the bytes of a reply before the decoder: notes that the first has arrived, and normalizes the head.
///
/// Belongs to one connection and its event loop; stands between the socket, or TLS, and the decoder.
final class ReplyStartHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// A byte has arrived since the last request.
    private(set) var hasArrived = false
    private var normalizer = HeadNormalizer()

    /// A request is sent; what arrives from now on is its reply.
    func expect() {
        hasArrived = false
        normalizer = HeadNormalizer()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasArrived = true
        guard normalizer.isInHead else { return context.fireChannelRead(data) }
        let bytes = normalizer.normalize(unwrapInboundIn(data))
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }
}
