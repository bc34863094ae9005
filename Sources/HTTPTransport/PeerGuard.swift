import NIOCore

/// Keeps image connections away from addresses that are not public, after DNS has spoken.
///
/// A check of the name before connecting would leave a gap in which DNS can change its answer. This one looks at the
/// address that the socket is connected to, before the connection is given its first request.
enum PeerGuard {
    /// The connection leads to an address that is not public.
    struct RefusedPeer: Error, Equatable {
        let kind: SpecialAddress
    }

    /// Runs for every new connection: fails it, and has it closed, if the other end is not public.
    static func admit(_ channel: any Channel) -> EventLoopFuture<Void> {
        // A closed channel has no peer, and nothing can be sent on it either.
        guard channel.isActive else { return channel.eventLoop.makeSucceededVoidFuture() }
        guard let kind = kind(of: channel.remoteAddress) else { return channel.eventLoop.makeSucceededVoidFuture() }
        // The client forgets a connection that fails here without closing it. It must hear of the failure first.
        channel.eventLoop.execute { channel.close(promise: nil) }
        return channel.eventLoop.makeFailedFuture(RefusedPeer(kind: kind))
    }

    /// What is special about a peer; an unknown one counts as reserved.
    private static func kind(of peer: SocketAddress?) -> SpecialAddress? {
        guard let peer, let address = IPAddress(peer) else { return .reserved }
        return address.special
    }
}
