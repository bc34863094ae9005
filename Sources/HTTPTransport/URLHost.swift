/// Where a url points: a name for DNS, or an address.
enum URLHost: Hashable, Sendable {
    /// Lower case, without the final dot.
    case name(String)
    /// `text` is the spelling for a url: dotted decimal, or IPv6 without brackets.
    case address(IPAddress, text: String)

    /// Reads the host part of a url, IPv6 without its brackets; nil for what is neither a name nor an address.
    ///
    /// A host whose last label is a number is an address or nothing, as browsers have it: `0x7f.1` must not reach the
    /// resolver as a name, because the resolver would take it for 127.0.0.1.
    init?(_ raw: String) {
        let text = Self.withoutFinalDot(raw.lowercased())
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let address = IPAddress(host: text) else { return nil }
            self = .address(address, text: text)
            return
        }
        guard text.utf8.count <= Self.longestName else { return nil }
        let lastDot = text.utf8.lastIndex(of: UInt8(ascii: "."))
        if IPAddress.isNumeric(label: text.utf8[(lastDot.map(text.utf8.index(after:)) ?? text.startIndex)...]) {
            guard case .v4(let value)? = IPAddress(host: text) else { return nil }
            self = .address(.v4(value), text: Self.dotted(value))
            return
        }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy({ (1...Self.longestLabel).contains($0.count) && $0.allSatisfy(Self.isNameByte) }) else {
            return nil
        }
        self = .name(text)
    }

    /// How the host stands in a url and in a message.
    var text: String {
        switch self {
        case .name(let name): name
        case .address(.v4, let text): text
        case .address(.v6, let text): "[\(text)]"
        }
    }

    /// How the host stands alone, as where to connect to.
    var bare: String {
        switch self {
        case .name(let text), .address(_, let text): text
        }
    }

    /// Whether this is this machine by its spelling alone: a loopback address, `localhost` or a name below it (RFC
    /// 6761).
    var isLoopback: Bool {
        switch self {
        case .name(let name): name == "localhost" || name.hasSuffix(".localhost")
        case .address(let address, _): address.isLoopback
        }
    }

    /// DNS allows no longer name (RFC 1035, section 3.1).
    private static let longestName = 253
    /// DNS allows no longer label.
    private static let longestLabel = 63

    private static func withoutFinalDot(_ text: String) -> String {
        text.utf8.last == UInt8(ascii: ".") ? String(text.dropLast()) : text
    }

    private static func dotted(_ value: UInt32) -> String {
        "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    }

    /// Letters, digits, hyphen, and the underscore that real names hold though the standard does not.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
