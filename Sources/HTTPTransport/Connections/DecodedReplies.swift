import NIOCore
import NIOHTTP1

/// The replies of a connection that are not ordinary, as NIO's decoder reads them; the last handler of the channel.
///
/// The connection stands before it, see ``OrdinaryHead``, and fires the bytes of such a reply on. Belongs to the
/// connection's event loop.
final class DecodedReplies: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let normalizing = HeadNormalizingHandler()
    private var context: ChannelHandlerContext?
    private unowned let connection: HTTP1Connection

    /// - Parameter connection: the owner of this.
    init(for connection: HTTP1Connection) {
        self.connection = connection
    }

    /// Adds the decoder, and this behind it, at the end of the pipeline.
    func add(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        // Bytes after the end of a reply are dropped, and the connection with them.
        try pipeline.addHandlers([normalizing, Self.decoder(leftOverBytes: .dropBytes), self])
    }

    /// A reply to a GET follows.
    ///
    /// The decoder has to see the head of the request for its method. The request itself is not written here: the
    /// connection lets no part of a request pass.
    func expectReply() {
        normalizing.expectHead()
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        context?.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): connection.receive(.head(ReplyHead(head)))
        case .body(let bytes): connection.receive(.body(bytes))
        case .end: connection.receive(.end)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.fail(error)
    }

    static func decoder(
        leftOverBytes: RemoveAfterUpgradeStrategy
    ) -> ByteToMessageHandler<HTTPResponseDecoder> {
        ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: leftOverBytes))
    }
}
