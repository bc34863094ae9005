import WebAddress

/// A request and the route that it takes.
struct RoutedRequest {
    let route: Route
    let request: GetRequest

    /// - Parameters:
    ///   - target: path and query, or for a proxy the whole url.
    ///   - fields: the header fields but `Host`.
    init(_ route: Route, to origin: WebURL.Origin, _ target: String, _ fields: HeaderFields) {
        self.route = route
        request = GetRequest(target: target, scheme: origin.scheme, authority: origin.authority, fields: fields)
    }

    /// A request without the key, to a host that is not the API.
    ///
    /// Behind a proxy nothing can be said of the host's address: the name is the proxy's to look up, and ``PeerGuard``
    /// would see the proxy, which is often private. What is left are the rules for the url itself, by which an address
    /// that is not public is refused when it is spelled out, at first and after each redirect; the rest is the proxy's
    /// own rules, which is what proxies are kept for.
    ///
    /// - Parameter fields: the header fields but `Host`.
    init(to url: WebURL, by routes: ProxyRoutes, mustBePublic: Bool, fields: HeaderFields) {
        switch (routes.proxy(to: url.origin), url.origin.scheme) {
        case (let proxy?, .https):
            self.init(.tunnel(url.origin, through: proxy), to: url.origin, url.target, fields)
        case (let proxy?, .http):
            // A tunnel for plain http is commonly refused but for port 443, so the proxy is asked for the whole url.
            self.init(
                .relay(proxy), to: url.origin, url.text,
                proxy.authorization.map { fields.adding("Proxy-Authorization", $0) } ?? fields)
        case (nil, _):
            self.init(.host(url.origin, mustBePublic: mustBePublic), to: url.origin, url.target, fields)
        }
    }
}
