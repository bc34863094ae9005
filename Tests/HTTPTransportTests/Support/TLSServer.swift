import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// A TLS server on loopback that answers every request with the same bytes.
enum TLSServer {
    /// How a connection ends at its second request.
    enum Ending: Sendable, CaseIterable {
        /// As TLS has it.
        case closeNotify
        /// Without a word of TLS.
        case hangUp, reset
    }

    /// Lends a running server; `body` gets its port.
    static func withServer<R>(
        _ certificate: ThrowawayCertificate, reply: String, atSecondRequest ending: Ending? = nil,
        _ body: (Int) async throws -> R
    ) async throws -> R {
        try await TLSListener.withPort(
            certificate, handlers: { [Answer(reply, over: $0, atSecondRequest: ending)] }, body)
    }

    /// Takes whatever comes first for the request.
    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let reply: String
        private let tls: NIOSSLServerHandler
        private let ending: Ending?
        private var requests = 0

        init(_ reply: String, over tls: NIOSSLServerHandler, atSecondRequest ending: Ending?) {
            self.reply = reply
            self.tls = tls
            self.ending = ending
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            requests += 1
            guard let ending, requests > 1 else {
                return context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: reply)), promise: nil)
            }
            switch ending {
            case .closeNotify: context.close(promise: nil)
            case .hangUp: closeBelowTLS(context)
            case .reset:
                _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                closeBelowTLS(context)
            }
        }

        private func closeBelowTLS(_ context: ChannelHandlerContext) {
            try? context.pipeline.syncOperations.context(handler: tls).close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
