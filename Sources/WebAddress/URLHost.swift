/// The host of a url: a name for DNS, or an address.
package enum URLHost: Hashable, Sendable {
    /// Lower case, ASCII, without the final dot.
    case name(String)
    case address(IPAddress)

    /// Reads a host as a person writes it: a name, an IPv4 address, or an IPv6 address without brackets.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        do throws(WebURLError) {
            self = try bytes.contains(UInt8(ascii: ":")) ? Self(ipv6: bytes[...]) : Self(name: bytes[...])
        } catch {
            // Why it is no host does not matter here.
            return nil
        }
    }

    /// Reads the host of a url that is not in brackets, which may be percent-encoded.
    init(encodedName bytes: ArraySlice<UInt8>) throws(WebURLError) {
        guard bytes.contains(UInt8(ascii: "%")) else {
            try self.init(name: bytes)
            return
        }
        guard let decoded = PercentEncoding.decoded(bytes) else { throw .malformed }
        try self.init(name: decoded[...])
    }

    /// Reads a name or an IPv4 address.
    ///
    /// A host whose last label is a number is an address or nothing, as browsers have it: `0x7f.1` must not reach the
    /// resolver as a name, because the resolver would take it for 127.0.0.1.
    ///
    /// The URL Standard lets a name hold most of ASCII; here it holds what names in DNS hold. A label `xn--…` is looked
    /// up as it stands, and is not checked.
    init(name bytes: ArraySlice<UInt8>) throws(WebURLError) {
        guard bytes.allSatisfy({ $0 >= 0x80 || Self.isNameByte($0) || $0 == Self.dot }) else { throw .malformed }
        var name = bytes.map(Self.lowercased)
        if name.contains(where: { $0 >= 0x80 }) { name = try InternationalName.ascii(name).map(Self.lowercased) }
        if name.last == Self.dot { name.removeLast() }
        guard name.count <= Self.longestName else { throw .malformed }
        let labels = name.split(separator: Self.dot, omittingEmptySubsequences: false)
        if let last = labels.last, IPAddress.isNumeric(label: last) {
            guard let address = IPAddress(ipv4: name[...]) else { throw .malformed }
            self = .address(address)
            return
        }
        guard labels.allSatisfy({ (1...Self.longestLabel).contains($0.count) && $0.allSatisfy(Self.isNameByte) }) else {
            throw .malformed
        }
        self = .name(String(decoding: name, as: UTF8.self))
    }

    /// Reads an IPv6 address without brackets.
    init(ipv6 bytes: ArraySlice<UInt8>) throws(WebURLError) {
        guard let address = IPAddress(ipv6: bytes) else { throw .malformed }
        self = .address(address)
    }

    /// How the host stands in a url and in a message.
    package var text: String {
        switch self {
        case .name(let name): name
        case .address(.v4(let value)): IPAddress.v4(value).text
        case .address(.v6(let value)): "[\(IPAddress.v6(value).text)]"
        }
    }

    /// How the host stands alone, as where to connect to: IPv6 without brackets.
    package var bare: String {
        switch self {
        case .name(let name): name
        case .address(let address): address.text
        }
    }

    /// Whether this is this machine by its spelling alone: a loopback address, `localhost` or a name below it (RFC
    /// 6761).
    package var isLoopback: Bool {
        switch self {
        case .name(let name): name == "localhost" || name.hasSuffix(".localhost")
        case .address(let address): address.isLoopback
        }
    }

    /// DNS allows no longer name (RFC 1035, section 3.1).
    private static let longestName = 253
    /// DNS allows no longer label.
    private static let longestLabel = 63
    private static let dot = UInt8(ascii: ".")

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// Letters, digits, hyphen, and the underscore that real names hold though the standard does not.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
