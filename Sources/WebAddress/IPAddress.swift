import Glibc

/// A numeric address, IPv4 or IPv6.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// Reads an address: dotted IPv4 in any spelling that `getaddrinfo` takes, or IPv6 without brackets.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: ":")) {
            self.init(ipv6: bytes[...])
        } else {
            self.init(ipv4: bytes[...])
        }
    }

    /// Reads colons and hexadecimal digits, the last 32 bits dotted if so wished. A zone (`%eth0`) is not an address.
    init?(ipv6 text: ArraySlice<UInt8>) {
        // A C string ends at its first NUL, and what follows it would not be looked at.
        guard !text.contains(0) else { return nil }
        var value: UInt128 = 0  // in network order, 16 bytes, which is what inet_pton fills
        guard inet_pton(AF_INET6, String(decoding: text, as: UTF8.self), &value) == 1 else { return nil }
        self = .v6(UInt128(bigEndian: value))
    }

    /// Reads one to four numbers, decimal, octal (`0177`) or hexadecimal (`0x7f`), in lower case; the last fills what is
    /// left (`127.1`).
    ///
    /// The resolver reads all of these as addresses, so a check that knew only `127.0.0.1` could be avoided.
    init?(ipv4 text: ArraySlice<UInt8>) {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let number = Self.number(part) else { return nil }
            let bits = UInt64(index == parts.count - 1 ? 8 * (5 - parts.count) : 8)
            guard number < 1 << bits else { return nil }
            value = value << bits | number
        }
        self = .v4(UInt32(truncatingIfNeeded: value))
    }

    /// Whether a resolver would try to read a host that ends in this label as an address.
    static func isNumeric(label: ArraySlice<UInt8>) -> Bool {
        if label.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) { return !label.isEmpty }
        return label.starts(with: "0x".utf8) && label.dropFirst(2).allSatisfy { digit($0) != nil }
    }

    private static func number(_ part: ArraySlice<UInt8>) -> UInt64? {
        if part.starts(with: "0x".utf8) { return digits(part.dropFirst(2), radix: 16) }
        if part.count > 1, part.first == UInt8(ascii: "0") { return digits(part.dropFirst(), radix: 8) }
        return digits(part, radix: 10)
    }

    private static func digits(_ text: ArraySlice<UInt8>, radix: UInt64) -> UInt64? {
        guard !text.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in text {
            guard let digit = digit(byte), digit < radix else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            guard !overflow, product <= .max - digit else { return nil }
            value = product + digit
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}

extension IPAddress {
    /// The one spelling that a url has for an address: dotted decimal, or IPv6 in lower case without brackets.
    package var text: String {
        switch self {
        case .v4(let value): "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
        case .v6(let value):
            Self.text(ofV6: (0..<8).map { UInt16(truncatingIfNeeded: value >> UInt128(112 - 16 * $0)) })
        }
    }

    /// Writes the first of the longest runs of zeros as `::`, unless it is a single one (RFC 5952, section 4.2).
    ///
    /// The C library would write some of them with dots, which the URL Standard does not.
    private static func text(ofV6 pieces: [UInt16]) -> String {
        var longest = 0..<0
        var start = 0
        for (index, piece) in pieces.enumerated() {
            if piece != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<(index + 1) }
        }
        func joined(_ pieces: ArraySlice<UInt16>) -> String {
            pieces.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard longest.count > 1 else { return joined(pieces[...]) }
        return "\(joined(pieces[..<longest.lowerBound]))::\(joined(pieces[longest.upperBound...]))"
    }
}
