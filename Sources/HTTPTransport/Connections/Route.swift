import WebAddress

/// Where a connection leads and by which way: what requests have to have in common to share one.
///
/// The API has routes of its own. Whatever another host does to its connections, no request to the API meets it, and
/// what is checked for one kind of host cannot be skipped by a connection of another kind.
enum Route: Hashable, Sendable {
    /// To the API's own origin, the only one that is given the key; if a proxy is in between, through a tunnel.
    case api(WebURL.Origin, tunnel: ProxyServer?)
    /// To another host; where it must be public, ``PeerGuard`` looks at its address.
    case host(WebURL.Origin, mustBePublic: Bool)
    /// To an https host behind a proxy, which only passes bytes on.
    case tunnel(WebURL.Origin, through: ProxyServer)
    /// To a proxy that reads requests of plain http for any host, and repeats them.
    case relay(ProxyServer)

    /// The host and port that the socket connects to.
    var peer: (host: URLHost, port: Int) {
        switch self {
        case .api(let origin, tunnel: nil), .host(let origin, _): (origin.host, origin.port)
        case .api(_, tunnel: let proxy?), .tunnel(_, through: let proxy), .relay(let proxy): (proxy.host, proxy.port)
        }
    }

    /// The proxy that is asked for a tunnel.
    var tunnelProxy: ProxyServer? {
        switch self {
        case .api(_, let proxy): proxy
        case .tunnel(_, let proxy): proxy
        case .host, .relay: nil
        }
    }

    /// Whose requests the connection carries; nil for a proxy that takes them for any host.
    var origin: WebURL.Origin? {
        switch self {
        case .api(let origin, _), .host(let origin, _), .tunnel(let origin, _): origin
        case .relay: nil
        }
    }

    var mustBePublic: Bool {
        if case .host(_, mustBePublic: true) = self { true } else { false }
    }

    /// Whether anything stands between this machine and the server, which may then be the one at fault.
    var isProxied: Bool {
        switch self {
        case .api(_, let proxy): proxy != nil
        case .host: false
        case .tunnel, .relay: true
        }
    }
}
