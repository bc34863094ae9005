import NIOCore

/// Sees the bytes of a reply before they are read, and notes that the first has come.
///
/// Belongs to one connection and its event loop; stands between what brings the bytes, TLS included, and the decoder.
final class ReplyStart: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// A byte has come since the last request.
    private(set) var hasCome = false

    /// A request is made; what comes from now on is its reply.
    func expect() {
        hasCome = false
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasCome = true
        context.fireChannelRead(data)
    }
}
