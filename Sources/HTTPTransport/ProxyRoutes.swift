import WebAddress

/// Which proxy is used for which host.
struct ProxyRoutes: Sendable {
    /// For https urls.
    let https: ProxyServer?
    /// For plain http urls.
    let http: ProxyServer?
    let exceptions: ProxyExceptions

    /// The proxy that a request to `origin` must use; nil for a direct connection.
    ///
    /// A loopback address never needs a proxy: for the proxy it would be the proxy's own machine.
    func proxy(to origin: WebURL.Origin) -> ProxyServer? {
        guard !origin.host.isLoopback, !exceptions.cover(origin) else { return nil }
        return switch origin.scheme {
        case .https: https
        case .http: http
        }
    }
}

extension TransportConfiguration {
    /// The proxies.
    ///
    /// - Throws: if one of them cannot be used, or would see the key.
    func checkedProxies(apiOrigin: WebURL.Origin) throws(ConfigurationError) -> ProxyRoutes {
        let routes = ProxyRoutes(
            https: try Self.server(proxies.https), http: try Self.server(proxies.http),
            exceptions: ProxyExceptions(proxies.exceptions))
        if apiOrigin.scheme == .http, let http = proxies.http, routes.proxy(to: apiOrigin) != nil {
            throw ConfigurationError(
                message: """
                    The API url is plain http, so the proxy of \(http.name) would see the key: use https, or name \
                    \(apiOrigin.host.text) in NO_PROXY.
                    """)
        }
        return routes
    }

    private static func server(_ variable: ProxySettings.Variable?) throws(ConfigurationError) -> ProxyServer? {
        guard let variable else { return nil }
        do {
            return try ProxyServer(variable.value)
        } catch {
            throw ConfigurationError(message: "\(variable.name) \(error.sentence).")
        }
    }
}
