import FoundationEssentials

/// An absolute http or https url, taken apart and put together again.
///
/// What is sent is built from the parts that were checked, so that a second reading of the url
/// cannot see another host than the first did. No user name, no fragment.
struct WebURL: Hashable, Sendable {
    enum Scheme: String, Sendable {
        case http, https

        var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// Who answers: what decides whether the key may go along.
    struct Origin: Hashable, Sendable {
        let scheme: Scheme
        let host: URLHost
        let port: Int
    }

    /// What is wrong with a text that should be a url.
    enum Flaw: Error, Equatable {
        case tooLong, forbiddenCharacter, malformed, notAbsolute, credentials
        case scheme(String)
    }

    let origin: Origin
    /// Percent-encoded, starts with a slash.
    let path: String
    /// Percent-encoded, without the question mark.
    let query: String?
    /// Path and query, as a server gets them.
    let target: String
    /// The whole url, as a proxy gets it.
    let text: String

    /// No server takes a longer url; anything longer is a mistake or mischief.
    static let maxBytes = 8 * 1024

    init(_ text: String) throws(Flaw) {
        let prepared = try Self.prepared(text)
        guard let url = URL(string: prepared) else { throw .malformed }
        try self.init(url)
    }

    /// Resolves a `Location` header against this url, as RFC 3986 has it.
    func resolving(_ location: String) throws(Flaw) -> WebURL {
        let prepared = try Self.prepared(location)
        guard !prepared.isEmpty, let base = URL(string: text),
            let url = URL(string: prepared, relativeTo: base)?.absoluteURL
        else { throw .malformed }
        return try WebURL(url)
    }

    private init(_ url: URL) throws(Flaw) {
        guard let name = url.scheme?.lowercased() else { throw .notAbsolute }
        guard let scheme = Scheme(rawValue: name) else { throw .scheme(name) }
        guard url.user == nil, url.password == nil else { throw .credentials }
        guard let rawHost = url.host(percentEncoded: true), !rawHost.isEmpty else { throw .notAbsolute }
        guard let host = URLHost(rawHost), let port = Self.port(of: url, host: rawHost, scheme: scheme) else {
            throw .malformed
        }
        let path = url.path(percentEncoded: true)
        origin = Origin(scheme: scheme, host: host, port: port)
        self.path = path.isEmpty ? "/" : path
        query = url.query(percentEncoded: true)
        target = self.path + (query.map { "?" + $0 } ?? "")
        text = origin.text + target
    }

    /// The port, the scheme's own if none is named; nil if it is no port.
    ///
    /// `URL` gives no port at all for `:99999999999999999999`, which must not pass for the default one. So the
    /// authority is read again: after the host there may only be a colon and the digits of the port.
    private static func port(of url: URL, host: String, scheme: Scheme) -> Int? {
        let afterScheme = url.absoluteString.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2)
        let authority = afterScheme.prefix { !"/?#".utf8.contains($0) }
        let spelled = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        guard authority.starts(with: spelled.utf8) else { return nil }
        let rest = authority.dropFirst(spelled.utf8.count)
        guard rest.first == UInt8(ascii: ":") else { return rest.isEmpty ? scheme.defaultPort : nil }
        let digits = rest.dropFirst()
        guard !digits.isEmpty else { return scheme.defaultPort }
        guard digits.count <= 5, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(Substring(digits)), (1...65535).contains(port)
        else { return nil }
        return port
    }
}

extension WebURL.Origin {
    /// Scheme, host and, where it is not the usual one, the port.
    var text: String { "\(scheme.rawValue)://\(authority)" }

    /// The host and, where it is not the usual one, the port: what a request's `Host` says.
    var authority: String { port == scheme.defaultPort ? host.text : "\(host.text):\(port)" }
}
