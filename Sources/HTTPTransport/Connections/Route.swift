import WebAddress

/// Where a connection leads, and how: requests with the same route can share a connection.
///
/// The API has routes of its own. So no request to the API is affected by what another host does to its connections, and
/// a check for one kind of host cannot be avoided over a connection of another kind.
enum Route: Hashable, Sendable {
    /// To the API's own origin, the only one that gets the key; through a tunnel if there is a proxy.
    case api(WebURL.Origin, tunnel: ProxyServer?)
    /// To another host; if it must be public, ``PeerGuard`` checks its address.
    case host(WebURL.Origin, mustBePublic: Bool)
    /// To an https host through a proxy, which only passes bytes on.
    case tunnel(WebURL.Origin, through: ProxyServer)
    /// To a proxy that reads requests of plain http for any host, and sends them on.
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

    /// The server that the requests are for; nil for a proxy that takes requests for any host.
    var origin: WebURL.Origin? {
        switch self {
        case .api(let origin, _), .host(let origin, _), .tunnel(let origin, _): origin
        case .relay: nil
        }
    }

    /// Whether it leads to anything but the API itself.
    var mayCarryImages: Bool {
        if case .api = self { false } else { true }
    }

    var mustBePublic: Bool {
        if case .host(_, mustBePublic: true) = self { true } else { false }
    }

    /// Whether there is a proxy, which may have caused an error.
    var isProxied: Bool {
        switch self {
        case .api(_, let proxy): proxy != nil
        case .host: false
        case .tunnel, .relay: true
        }
    }
}
