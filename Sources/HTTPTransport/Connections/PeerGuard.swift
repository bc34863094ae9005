import NIOCore
import WebAddress

/// Keeps image connections away from addresses that are not public, after DNS has spoken.
///
/// A check of the name before connecting would leave a gap in which DNS can change its answer. This one looks at the
/// address that the socket is connected to, before a byte is sent there: it stands first in the connection's pipeline,
/// and nothing behind it, TLS neither, hears of a connection that it refuses.
final class PeerGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// The connection leads to an address that is not public.
    struct RefusedPeer: Error, Equatable {
        let kind: SpecialAddress
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let kind = Self.kind(of: context.remoteAddress) else { return context.fireChannelActive() }
        context.fireErrorCaught(RefusedPeer(kind: kind))
        context.close(promise: nil)
    }

    /// What is special about a peer; an unknown one counts as reserved.
    private static func kind(of peer: SocketAddress?) -> SpecialAddress? {
        guard let peer, let address = IPAddress(peer) else { return .reserved }
        return address.special
    }
}

extension IPAddress {
    /// The address at the other end of a socket; nil for a socket that is not of the internet.
    init?(_ socket: SocketAddress) {
        guard let text = socket.ipAddress else { return nil }
        self.init(text)
    }
}
