/// A text of the form `host:port`, taken apart.
package struct HostAndPort {
    enum Port: Equatable {
        /// There is no colon after the host.
        case missing
        /// There is a colon, and nothing behind it.
        case empty
        case number(Int)
    }

    /// The host without brackets.
    let host: ArraySlice<UInt8>
    /// Brackets are for IPv6 addresses.
    let isBracketed: Bool
    let port: Port

    /// Reads the authority of a url; nil if what follows the host is no port. The host itself is not looked at.
    init?(_ text: ArraySlice<UInt8>) {
        isBracketed = text.first == UInt8(ascii: "[")
        let rest: ArraySlice<UInt8>
        if isBracketed {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = text[..<end].dropFirst()
            rest = text[end...].dropFirst()
        } else {
            host = text.prefix { $0 != UInt8(ascii: ":") }
            rest = text[host.endIndex...]
        }
        guard let port = Self.port(rest) else { return nil }
        self.port = port
    }

    /// Reads the host of a proxy or of an exception to proxies, where the port may be missing; nil for anything else.
    ///
    /// More than one colon outside brackets is an IPv6 address without a port.
    package static func host(in text: some StringProtocol) -> (host: URLHost, port: Int?)? {
        let bytes = Array(text.utf8)
        if bytes.first != UInt8(ascii: "["), bytes.count(where: { $0 == UInt8(ascii: ":") }) > 1 {
            return (try? URLHost(ipv6: bytes[...])).map { ($0, nil) }
        }
        // Why a text is no host does not matter here.
        guard let parts = HostAndPort(bytes[...]),
            let host = try? parts.isBracketed ? URLHost(ipv6: parts.host) : URLHost(name: parts.host)
        else { return nil }
        return switch parts.port {
        case .missing: (host, nil)
        case .empty: nil
        case .number(let port): (host, port)
        }
    }

    /// - Parameter text: what follows the host.
    private static func port(_ text: ArraySlice<UInt8>) -> Port? {
        guard let colon = text.first else { return .missing }
        guard colon == UInt8(ascii: ":") else { return nil }
        let digits = text.dropFirst()
        guard !digits.isEmpty else { return .empty }
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        guard significant.count <= 5 else { return nil }
        let port = significant.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        // Nothing listens on port 0, and browsers refuse it when they connect.
        return (1...65535).contains(port) ? .number(port) : nil
    }
}
