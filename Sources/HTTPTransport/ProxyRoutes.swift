import WebAddress

/// Which proxy stands before which host.
struct ProxyRoutes: Sendable {
    /// For https urls.
    let https: ProxyServer?
    /// For plain http urls.
    let http: ProxyServer?
    let exceptions: ProxyExceptions

    /// The proxy that a request to `origin` must go through; nil where it goes straight there.
    ///
    /// Loopback is this machine, for a proxy as for anyone: what a proxy reaches there is its own.
    func proxy(to origin: WebURL.Origin) -> ProxyServer? {
        guard !origin.host.isLoopback, !exceptions.cover(origin) else { return nil }
        return switch origin.scheme {
        case .https: https
        case .http: http
        }
    }
}

extension TransportConfiguration {
    /// The proxies, if they can be used, and if none of them would see the key.
    func checkedProxies(apiOrigin: WebURL.Origin) throws(ConfigurationFault) -> ProxyRoutes {
        let routes = ProxyRoutes(
            https: try Self.server(proxies.https), http: try Self.server(proxies.http),
            exceptions: ProxyExceptions(proxies.exceptions))
        if apiOrigin.scheme == .http, let http = proxies.http, routes.proxy(to: apiOrigin) != nil {
            throw ConfigurationFault(
                message: """
                    The API url is plain http, so the proxy of \(http.name) would see the key: use https, or name \
                    \(apiOrigin.host.text) in NO_PROXY.
                    """)
        }
        return routes
    }

    private static func server(_ variable: ProxySettings.Variable?) throws(ConfigurationFault) -> ProxyServer? {
        guard let variable else { return nil }
        do {
            return try ProxyServer(variable.value)
        } catch {
            throw ConfigurationFault(message: "\(variable.name) \(error.sentence).")
        }
    }
}
