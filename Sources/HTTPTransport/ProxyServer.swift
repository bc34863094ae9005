import FoundationEssentials
import WebAddress

/// Why a text cannot be used as a proxy.
enum ProxyServerError: Error, Equatable {
    /// https, SOCKS, or an unknown one.
    case scheme
    case malformed
    /// Programs disagree on the default port: 80, 1080 or 3128.
    case noPort

    /// Completes "HTTPS_PROXY …". It repeats nothing of the value, which may hold a password.
    var sentence: String {
        switch self {
        case .scheme: "names a proxy that is not http://; https and SOCKS proxies cannot be used"
        case .malformed: "is no proxy: it must be http://host:port, or http://user:password@host:port, percent-encoded"
        case .noPort: "names a proxy without its port"
        }
    }
}

/// A proxy that speaks plain HTTP, with the user name and password that it wants.
struct ProxyServer: Hashable, Sendable {
    let host: URLHost
    let port: Int
    /// The value of `Proxy-Authorization`.
    let authorization: String?

    /// Reads `http://user:password@host:port`; scheme, user and password may be missing.
    ///
    /// User and password are percent-encoded. A password with a `/`, `?` or `#` that is not encoded is malformed:
    /// otherwise a part of it could be read as the host.
    init(_ text: String) throws(ProxyServerError) {
        var rest = text[...]
        if let mark = text.firstRange(of: "://") {
            guard text[..<mark.lowerBound].lowercased() == "http" else { throw .scheme }
            rest = text[mark.upperBound...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.utf8.contains(where: { "/?#".utf8.contains($0) }) else { throw .malformed }
        if let at = rest.lastIndex(of: "@") {
            authorization = try Self.authorization(rest[..<at])
            rest = rest[rest.index(after: at)...]
        } else {
            authorization = nil
        }
        guard let (host, port) = HostAndPort.host(in: rest) else { throw .malformed }
        guard let port else { throw .noPort }
        self.host = host
        self.port = port
    }

    /// Where the proxy is, as a url without user and password.
    var origin: String { "http://\(host.text):\(port)" }

    private static func authorization(_ text: Substring) throws(ProxyServerError) -> String {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        // In the header a colon always ends the user name.
        guard let user = decoded(parts[0]), !user.isEmpty, !user.utf8.contains(UInt8(ascii: ":")),
            let password = decoded(parts.count == 2 ? parts[1] : "")
        else { throw .malformed }
        return "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
    }

    /// The text without its percent-encoding; nil if it is encoded wrongly.
    private static func decoded(_ text: Substring) -> String? {
        PercentEncoding.decoded(text.utf8).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
