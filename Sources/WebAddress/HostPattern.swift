/// One `--allow-host`: a host that images may come from, or all names below one.
package enum HostPattern: Hashable, Sendable {
    case exactly(URLHost)
    /// Every name that ends in a dot and this; not this name itself.
    case below(String)

    /// Reads `images.example.com`, `*.example.com`, `192.0.2.7` or `[2001:db8::7]`; nil for anything else.
    package init?(_ text: String) {
        if text.hasPrefix("*.") {
            guard case .name(let name)? = URLHost(String(text.dropFirst(2))) else { return nil }
            self = .below(name)
        } else {
            guard let (host, port) = HostAndPort.host(in: text), port == nil else { return nil }
            self = .exactly(host)
        }
    }

    package func matches(_ host: URLHost) -> Bool {
        switch (self, host) {
        case (.exactly(let allowed), _): allowed == host
        case (.below(let name), .name(let other)): other.hasSuffix("." + name)
        case (.below, .address): false
        }
    }
}
