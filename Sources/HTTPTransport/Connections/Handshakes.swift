import NIOCore
import NIOTLS

/// Waits for a channel to be ready for requests; the last handler until then.
///
/// Belongs to the channel's event loop.
final class Handshakes: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    private let awaitsTLS: Bool
    private let speak: (_ version: String?, ChannelPipeline.SynchronousOperations) throws -> Dialer.Made
    private var context: ChannelHandlerContext?
    private var ending: Result<Dialer.Made, any Error>?
    private var whenEnded: ((Result<Dialer.Made, any Error>) -> Void)?

    /// - Parameters:
    ///   - awaitsTLS: the channel is ready after the TLS handshake, not as soon as the socket is connected.
    ///   - speak: adds the handlers of a version of HTTP at the end of the pipeline.
    init(
        awaitsTLS: Bool,
        speak: @escaping (_ version: String?, ChannelPipeline.SynchronousOperations) throws -> Dialer.Made
    ) {
        self.awaitsTLS = awaitsTLS
        self.speak = speak
    }

    /// Calls back with the connection, or with what kept it from being made; at once if that is known already.
    func whenEnded(_ call: @escaping (Result<Dialer.Made, any Error>) -> Void) {
        if let ending { call(ending) } else { whenEnded = call }
    }

    /// Closes the channel.
    func fail(_ error: any Error) {
        guard ending == nil else { return }
        // First, for to close the channel is to hear of it, and the first error counts.
        end(.failure(error))
        context?.close(promise: nil)
    }

    private func end(_ result: Result<Dialer.Made, any Error>) {
        ending = result
        whenEnded?(result)
        whenEnded = nil
    }

    /// Gives way to the handlers of HTTP, before a byte of it has come.
    private func becomeReady(_ version: String?, _ context: ChannelHandlerContext) {
        do {
            let pipeline = context.pipeline.syncOperations
            end(.success(try speak(version, pipeline)))
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            fail(error)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        if !awaitsTLS, ending == nil { becomeReady(nil, context) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let version)? = event as? TLSUserEvent, ending == nil {
            becomeReady(version, context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ConnectionError.hangUp)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if ending == nil { fail(error) } else { context.fireErrorCaught(error) }
    }
}
