import AsyncHTTPClient
import NIOHTTP1

extension HTTPTransport {
    /// A request without the key, as the way that it goes wants it.
    struct Passage {
        let client: HTTPClient
        let url: String
        let headers: HTTPHeaders
        /// The client that has it talks to a proxy first.
        let isProxied: Bool
    }

    /// The way to a host that is not the API.
    ///
    /// Behind a proxy nothing can be said of the host's address: the name is the proxy's to look up, and ``PeerGuard``
    /// would see the proxy, which is often private. What is left are the rules for the url itself, by which an address
    /// that is not public is refused when it is spelled out, at first and after each redirect; the rest is the proxy's
    /// own rules, which is what proxies are kept for.
    func passage(to url: WebURL, mustBePublic: Bool, headers: HTTPHeaders) -> Passage {
        switch (routes.proxy(to: url.origin), url.origin.scheme) {
        case (.some, .https):
            return Passage(client: tunnel, url: url.text, headers: headers, isProxied: true)
        case (.some(let proxy), .http):
            var headers = headers
            headers.add(name: "Host", value: url.origin.authority)
            if let authorization = proxy.authorization {
                headers.add(name: "Proxy-Authorization", value: authorization.headerValue)
            }
            return Passage(client: relay, url: proxy.origin + url.target, headers: headers, isProxied: true)
        case (.none, _):
            let client = mustBePublic ? publicHosts : namedHosts
            return Passage(client: client, url: url.text, headers: headers, isProxied: false)
        }
    }
}
