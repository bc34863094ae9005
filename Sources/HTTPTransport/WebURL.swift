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
        case tooLong, malformed, notAbsolute, credentials
        /// The host is a name in letters beyond ASCII, which DNS knows by another spelling (`xn--…`, RFC 5891). To find
        /// that takes tables of Unicode, and a wrong one would lead to somebody else's host.
        case hostNotASCII
        case scheme(String)
    }

    let origin: Origin
    /// Path and query, as a server gets them: percent-encoded, starts with a slash.
    let target: String

    /// The whole url, as a proxy gets it.
    var text: String { origin.text + target }

    /// No server takes a longer url; anything longer is a mistake or mischief.
    static let maxBytes = 8 * 1024

    /// Reads a url that somebody wrote, and forgives what browsers forgive.
    init(_ text: String) throws(Flaw) {
        try self.init(prepared: Self.prepared(text))
    }

    private init(prepared bytes: [UInt8]) throws(Flaw) {
        guard !bytes.isEmpty else { throw .malformed }
        guard let schemeEnd = Self.schemeEnd(of: bytes) else { throw .notAbsolute }
        let name = String(decoding: bytes[..<schemeEnd], as: UTF8.self).lowercased()
        guard let scheme = Scheme(rawValue: name) else { throw .scheme(name) }
        guard let authority = Self.authority(of: bytes) else { throw .notAbsolute }
        origin = try Self.origin(scheme, bytes[authority])
        let rest = bytes[authority.upperBound...]
        let slash = rest.first == UInt8(ascii: "/") ? "" : "/"
        target = slash + String(decoding: rest, as: UTF8.self)
    }

    /// Resolves a `Location` header against this url, as RFC 3986 has it.
    ///
    /// A host is read here and by nobody else; only a path is left to Foundation.
    func resolving(_ location: String) throws(Flaw) -> WebURL {
        let prepared = try Self.prepared(location)
        if Self.schemeEnd(of: prepared) != nil { return try WebURL(prepared: prepared) }
        if Self.authority(of: prepared) != nil {
            return try WebURL(prepared: Array("\(origin.scheme.rawValue):".utf8) + prepared)
        }
        guard !prepared.isEmpty, let base = URL(string: text),
            let url = URL(string: String(decoding: prepared, as: UTF8.self), relativeTo: base)
        else { throw .malformed }
        return try WebURL(url.absoluteString)
    }

    /// Takes an authority apart: a host, in brackets if it is an IPv6 address, and a port after a colon if there is one.
    private static func origin(_ scheme: Scheme, _ authority: ArraySlice<UInt8>) throws(Flaw) -> Origin {
        guard !authority.contains(UInt8(ascii: "@")) else { throw .credentials }
        guard authority.allSatisfy({ $0 < 0x80 }) else { throw .hostNotASCII }
        let host: ArraySlice<UInt8>
        let afterHost: ArraySlice<UInt8>
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .malformed }
            host = authority[..<end].dropFirst()
            afterHost = authority[end...].dropFirst()
            guard host.contains(UInt8(ascii: ":")) else { throw .malformed }
        } else {
            host = authority.prefix { $0 != UInt8(ascii: ":") }
            afterHost = authority[host.endIndex...]
        }
        guard let port = port(afterHost, scheme) else { throw .malformed }
        guard !host.isEmpty else { throw .notAbsolute }
        guard let host = URLHost(String(decoding: host, as: UTF8.self)) else { throw .malformed }
        return Origin(scheme: scheme, host: host, port: port)
    }

    /// The port that stands after a host, the scheme's own if none does; nil for anything else than a port.
    private static func port(_ text: ArraySlice<UInt8>, _ scheme: Scheme) -> Int? {
        guard text.isEmpty || text.first == UInt8(ascii: ":") else { return nil }
        let digits = text.dropFirst()
        guard !digits.isEmpty else { return scheme.defaultPort }
        guard digits.count <= 5, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        let port = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (1...65535).contains(port) ? port : nil
    }
}

extension WebURL.Origin {
    /// Scheme, host and, where it is not the usual one, the port.
    var text: String { "\(scheme.rawValue)://\(authority)" }

    /// The host and, where it is not the usual one, the port: what a request's `Host` says.
    var authority: String { port == scheme.defaultPort ? host.text : "\(host.text):\(port)" }
}
