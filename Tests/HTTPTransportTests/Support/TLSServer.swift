import NIOCore
import NIOPosix
import NIOSSL

/// A TLS server on loopback that answers every request with the same bytes.
enum TLSServer {
    /// Lends a running server; `body` gets its port.
    static func withServer<R>(
        _ certificate: ThrowawayCertificate, reply: String, _ body: (Int) async throws -> R
    ) async throws -> R {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate.certificateFile).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(file: certificate.keyFile, format: .pem)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.addHandler(Answer(reply))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: R
        do {
            guard let port = channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
            result = try await body(port)
        } catch {
            try? await channel.close()  // the first error is the one to report
            throw error
        }
        try await channel.close()
        return result
    }

    /// Takes whatever comes first for the request.
    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let reply: String

        init(_ reply: String) { self.reply = reply }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: reply)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
