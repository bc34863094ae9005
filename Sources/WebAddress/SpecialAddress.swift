/// Why an address is not one of the public internet; the raw value completes "the address is …".
package enum SpecialAddress: String, Sendable, CaseIterable {
    case unspecified = "unspecified"
    case loopback = "a loopback address"
    case linkLocal = "link-local"
    case privateUse = "private"
    case metadata = "a cloud metadata service"
    case multicast = "multicast"
    case broadcast = "broadcast"
    case documentation = "reserved for documentation"
    case reserved = "reserved"
}

extension IPAddress {
    /// What keeps this address from being an ordinary public one; nil when nothing does.
    ///
    /// Addresses that carry an IPv4 address inside (mapped, translated, NAT64, 6to4) are what that address is: the
    /// packets end up there. Of IPv6 only 2000::/3 is handed out at all, so everything else is special.
    package var special: SpecialAddress? {
        switch self {
        case .v4(let value):
            return Self.v4Ranges.first { $0.contains(value) }?.kind
        case .v6(let value):
            if let embedded = Self.embedded(in: value) { return IPAddress.v4(embedded).special }
            if let range = Self.v6Ranges.first(where: { $0.contains(value) }) { return range.kind }
            return value >> 125 == 1 ? nil : .reserved
        }
    }

    /// Whether this is 127.0.0.0/8 or ::1, in any disguise.
    package var isLoopback: Bool { special == .loopback }

    private struct Range<Value: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
        let base: Value
        let prefix: Int
        let kind: SpecialAddress

        init(_ base: Value, _ prefix: Int, _ kind: SpecialAddress) {
            self.base = base
            self.prefix = prefix
            self.kind = kind
        }

        func contains(_ value: Value) -> Bool {
            (value ^ base) >> Value(Value.bitWidth - prefix) == 0
        }
    }

    /// The IANA special-purpose registry for IPv4, the first match wins: 169.254.169.254 stands before its /16.
    private static let v4Ranges: [Range<UInt32>] = [
        Range(v4(169, 254, 169, 254), 32, .metadata),
        Range(v4(168, 63, 129, 16), 32, .metadata),  // a public number that answers only inside Azure
        Range(v4(0, 0, 0, 0), 8, .unspecified),
        Range(v4(10, 0, 0, 0), 8, .privateUse),
        Range(v4(100, 64, 0, 0), 10, .privateUse),
        Range(v4(127, 0, 0, 0), 8, .loopback),
        Range(v4(169, 254, 0, 0), 16, .linkLocal),
        Range(v4(172, 16, 0, 0), 12, .privateUse),
        Range(v4(192, 0, 0, 0), 24, .reserved),
        Range(v4(192, 0, 2, 0), 24, .documentation),
        Range(v4(192, 88, 99, 0), 24, .reserved),
        Range(v4(192, 168, 0, 0), 16, .privateUse),
        Range(v4(198, 18, 0, 0), 15, .reserved),
        Range(v4(198, 51, 100, 0), 24, .documentation),
        Range(v4(203, 0, 113, 0), 24, .documentation),
        Range(v4(224, 0, 0, 0), 4, .multicast),
        Range(v4(255, 255, 255, 255), 32, .broadcast),
        Range(v4(240, 0, 0, 0), 4, .reserved),
    ]

    /// The IANA special-purpose registry for IPv6, the first match wins.
    private static let v6Ranges: [Range<UInt128>] = [
        Range(0, 128, .unspecified),
        Range(1, 128, .loopback),
        Range(0xfd00_0ec2 << 96 | 0x254, 128, .metadata),
        Range(0x0064_ff9b_0001 << 80, 48, .privateUse),  // NAT64 of a local network
        Range(0x2001 << 112, 23, .reserved),  // protocol assignments, Teredo among them
        Range(0x2001_0db8 << 96, 32, .documentation),
        Range(0x3fff << 112, 20, .documentation),
        Range(0xfc00 << 112, 7, .privateUse),
        Range(0xfe80 << 112, 10, .linkLocal),
        Range(0xfec0 << 112, 10, .privateUse),  // site-local, deprecated and still routed by some
        Range(0xff00 << 112, 8, .multicast),
    ]

    /// The IPv4 address that packets to this IPv6 address end up at, if it is of such a kind.
    private static func embedded(in value: UInt128) -> UInt32? {
        let last = UInt32(truncatingIfNeeded: value)
        switch value >> 32 {
        case 0: return last > 1 ? last : nil  // ::a.b.c.d, deprecated; :: and ::1 are IPv6's own
        case 0xffff: return last  // ::ffff:a.b.c.d, mapped
        case 0xffff_0000: return last  // ::ffff:0:a.b.c.d, translated
        case 0x0064_ff9b << 64: return last  // NAT64
        default: break
        }
        return value >> 112 == 0x2002 ? UInt32(truncatingIfNeeded: value >> 80) : nil  // 6to4
    }

    private static func v4(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> UInt32 {
        a << 24 | b << 16 | c << 8 | d
    }
}
