import NIOCore
import WebAddress

/// Refuses image connections to addresses that are not public, after DNS was asked.
///
/// A check of the name before connecting would leave a gap in which DNS can change its answer. This handler looks at the
/// address that the socket is connected to, before a byte is sent. It is the first in the pipeline, so no other handler,
/// not even TLS, sees a connection that it refuses.
final class PeerGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        guard let kind = Self.kind(of: context.remoteAddress) else { return context.fireChannelActive() }
        context.fireErrorCaught(PeerNotPublicError(kind: kind))
        context.close(promise: nil)
    }

    /// Why a peer is not public; nil if it is. An unknown one counts as reserved.
    private static func kind(of peer: SocketAddress?) -> SpecialAddress? {
        guard let peer, let address = IPAddress(peer) else { return .reserved }
        return address.special
    }
}

/// The connection leads to an address that is not public.
struct PeerNotPublicError: Error, Equatable {
    let kind: SpecialAddress
}

extension IPAddress {
    /// The address at the other end of a socket; nil for a socket that is not of the internet.
    init?(_ socket: SocketAddress) {
        guard let text = socket.ipAddress else { return nil }
        self.init(text)
    }
}
