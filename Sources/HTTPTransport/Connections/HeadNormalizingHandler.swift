import NIOCore

/// Normalizes the heads of replies on their way to NIO's decoder, see ``HeadNormalizer``.
///
/// Belongs to one connection and its event loop; stands right before the decoder.
final class HeadNormalizingHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var normalizer = HeadNormalizer()

    /// What comes from now on is a reply of its own.
    func expectHead() {
        normalizer = HeadNormalizer()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard normalizer.isInHead else { return context.fireChannelRead(data) }
        let bytes = normalizer.normalize(unwrapInboundIn(data))
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }
}
