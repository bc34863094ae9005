/// An absolute http or https url, without user name and fragment.
///
/// A text is read as browsers read it (WHATWG URL Standard), and what is sent is built from the parts that were
/// checked, so no second reader can see another host. What the standard reads and this type refuses: a user name, port
/// 0, more than ``maxBytes``, and a host that ``URLHost`` does not take.
package struct WebURL: Hashable, Sendable {
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// Scheme, host and port: the server that answers.
    package struct Origin: Sendable {
        package let scheme: Scheme
        package let host: URLHost
        package let port: Int
        /// The host and, where it is not the usual one, the port: what a request's `Host` says.
        package let authority: String
    }

    package let origin: Origin
    /// Path and query, as a server gets them: percent-encoded, starts with a slash.
    package let target: String

    /// The whole url, as a proxy gets it.
    package var text: String { origin.text + target }

    /// The longest url, as it is written and as it is sent. No server takes a longer one; anything longer is a mistake
    /// or an attack.
    package static let maxBytes = 8 * 1024

    /// Reads an absolute url.
    package init(_ text: String) throws(WebURLError) {
        let bytes = try Self.cleaned(text)
        guard !bytes.isEmpty else { throw .malformed }
        guard let (scheme, rest) = try Self.splitScheme(bytes) else { throw .notAbsolute }
        try self.init(scheme, afterScheme: rest)
    }

    /// Resolves a reference, such as a `Location` header, against this url.
    package func resolving(_ reference: String) throws(WebURLError) -> WebURL {
        let bytes = try Self.cleaned(reference)
        guard let (scheme, rest) = try Self.splitScheme(bytes) else { return try resolving(relative: bytes) }
        // `https:x` is relative to an https url, and absolute otherwise.
        return scheme == origin.scheme ? try resolving(relative: rest) : try WebURL(scheme, afterScheme: rest)
    }

    /// Reads what follows the scheme of an absolute url: an authority, after any number of slashes, and a target.
    private init(_ scheme: Scheme, afterScheme rest: ArraySlice<UInt8>) throws(WebURLError) {
        let body = rest.drop(while: URLTarget.isSlash)
        let authority = body.prefix { !URLTarget.isSlash($0) && $0 != UInt8(ascii: "?") }
        let origin = try Origin(scheme, authority: authority)
        try self.init(origin, URLTarget.absolute(body[authority.endIndex...]))
    }

    private init(_ origin: Origin, _ target: [UInt8]) throws(WebURLError) {
        self.origin = origin
        self.target = String(decoding: target, as: UTF8.self)
        // No host is so long that a short target would have to be counted with it.
        guard target.count <= Self.maxBytes / 2 || text.utf8.count <= Self.maxBytes else { throw .tooLong }
    }

    /// A url with a target that needs nothing rewritten, shorter than ``maxBytes`` by half.
    init(_ origin: Origin, usableTarget target: String) {
        self.origin = origin
        self.target = target
    }

    private func resolving(relative reference: ArraySlice<UInt8>) throws(WebURLError) -> WebURL {
        guard let first = reference.first else { return self }
        guard URLTarget.isSlash(first) else {
            return try WebURL(origin, URLTarget.relative(reference, to: Array(target.utf8)))
        }
        if let second = reference.dropFirst().first, URLTarget.isSlash(second) {
            return try WebURL(origin.scheme, afterScheme: reference)
        }
        return try WebURL(origin, URLTarget.absolute(reference))
    }

    /// The bytes without white space and controls at both ends, without tabs and line breaks, and without a fragment.
    private static func cleaned(_ text: String) throws(WebURLError) -> ArraySlice<UInt8> {
        guard text.utf8.count <= maxBytes else { throw .tooLong }
        var bytes = Array(text.utf8)
        if bytes.contains(where: { $0 <= 0x20 }) {
            bytes = bytes.drop { $0 <= 0x20 }.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        }
        return bytes.prefix { $0 != UInt8(ascii: "#") }
    }

    /// The scheme and what follows its colon; nil if the text begins with no scheme.
    private static func splitScheme(
        _ bytes: ArraySlice<UInt8>
    ) throws(WebURLError) -> (Scheme, rest: ArraySlice<UInt8>)? {
        guard let first = bytes.first, isLetter(first), let end = bytes.firstIndex(where: { !isSchemeByte($0) }),
            bytes[end] == UInt8(ascii: ":")
        else { return nil }
        let name = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
        guard let scheme = Scheme(rawValue: name) else { throw .scheme(name) }
        return (scheme, bytes[(end + 1)...])
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: isLetter(byte)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension WebURL.Origin {
    /// Reads an authority: a host, in brackets if it is an IPv6 address, and a port after a colon if there is one.
    fileprivate init(_ scheme: WebURL.Scheme, authority: ArraySlice<UInt8>) throws(WebURLError) {
        guard !authority.contains(UInt8(ascii: "@")) else { throw .credentials }
        guard let parts = HostAndPort(authority) else { throw .malformed }
        guard !parts.host.isEmpty else { throw .notAbsolute }
        switch parts.port {
        case .missing, .empty: port = scheme.defaultPort
        case .number(let number): port = number
        }
        self.scheme = scheme
        host = try parts.isBracketed ? URLHost(ipv6: parts.host) : URLHost(encodedName: parts.host)
        self.authority = port == scheme.defaultPort ? host.text : "\(host.text):\(port)"
    }

    /// Scheme, host and, where it is not the usual one, the port.
    package var text: String { "\(scheme.rawValue)://\(authority)" }
}

/// A host has one spelling, so the authority is host and port.
extension WebURL.Origin: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.scheme == right.scheme && left.authority == right.authority
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(authority) }
}
