/// Why no image is fetched from a url.
package enum ImageURLError: Error, Equatable, Sendable {
    case unreadable(WebURLError)
    case plainHTTP(URLHost)
    case hostNotAllowed(URLHost)
    /// The host is an address that is not public.
    case specialAddress(URLHost, SpecialAddress)
    /// The host is a name of this machine.
    case thisMachine(URLHost)

    /// One sentence for a person. It repeats nothing of the url but the host: the rest may hold a secret.
    package var message: String {
        switch self {
        case .unreadable(let error): "The image url \(error.sentence)."
        case .plainHTTP(let host): "The image url is plain http to \(host.text)."
        case .hostNotAllowed(let host): "The image host \(host.text) is not one of the allowed hosts."
        case .specialAddress(let host, let kind): "The image host \(host.text) is \(kind.rawValue)."
        case .thisMachine(let host): "The image host \(host.text) is this machine."
        }
    }
}

/// Which urls an image may come from.
package struct ImageURLRules: Sendable {
    /// An image's url that passed, and how its connection is to be made.
    package struct Target: Sendable, Equatable {
        package let url: WebURL
        /// Whether the address that DNS gives must be a public one.
        package let mustBePublic: Bool
    }

    /// Plain http is accepted from every host, not from this machine alone.
    package let allowHTTP: Bool
    /// If any are given, a host must match one.
    package let patterns: [HostPattern]
    /// The API is on this machine, so its images may be: a rehearsal.
    package let apiIsLoopback: Bool

    package init(allowHTTP: Bool, patterns: [HostPattern], apiIsLoopback: Bool) {
        self.allowHTTP = allowHTTP
        self.patterns = patterns
        self.apiIsLoopback = apiIsLoopback
    }

    /// Checks a url that the API gave.
    package func check(_ text: String) throws(ImageURLError) -> Target {
        let url: WebURL
        do { url = try WebURL(text) } catch { throw .unreadable(error) }
        return try check(url)
    }

    /// Checks a url that was taken apart already, as after a redirect.
    package func check(_ url: WebURL) throws(ImageURLError) -> Target {
        let host = url.origin.host
        guard patterns.isEmpty || patterns.contains(where: { $0.matches(host) }) else { throw .hostNotAllowed(host) }
        // A pattern with a star vouches for a domain, and whoever may add names to it can point one at 10.0.0.1. Only a
        // host that a person spelled out may be private.
        let isNamed = patterns.contains(.exactly(host))
        let mustBePublic = !apiIsLoopback && !isNamed
        if mustBePublic {
            switch host {
            case .address(let address):
                if let kind = address.special { throw .specialAddress(host, kind) }
            case .name:
                if host.isLoopback { throw .thisMachine(host) }
            }
        }
        // Last, for nobody is to permit plain http for a host that is refused all the same.
        guard url.origin.scheme == .https || allowHTTP || host.isLoopback else { throw .plainHTTP(host) }
        return Target(url: url, mustBePublic: mustBePublic)
    }
}
