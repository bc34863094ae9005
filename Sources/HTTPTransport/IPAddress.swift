import Glibc
import NIOCore

/// A numeric address, IPv4 or IPv6.
enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// Reads the host of a url if it is a number: dotted IPv4 in any spelling that `getaddrinfo` takes, or IPv6.
    init?(host text: String) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            self.init(v6: text)
        } else {
            self.init(v4: text)
        }
    }

    /// The address at the other end of a socket; nil for a socket that is not of the internet.
    init?(_ socket: SocketAddress) {
        guard let text = socket.ipAddress else { return nil }
        self.init(host: text)
    }

    /// Colons and hexadecimal digits, the last 32 bits dotted if so wished. A zone (`%eth0`) is not an address.
    private init?(v6 text: String) {
        var value: UInt128 = 0  // in network order, 16 bytes, which is what inet_pton fills
        guard inet_pton(AF_INET6, text, &value) == 1 else { return nil }
        self = .v6(UInt128(bigEndian: value))
    }

    /// One to four numbers, decimal, octal (`0177`) or hexadecimal (`0x7f`); the last fills what is left (`127.1`).
    ///
    /// The resolver reads all of these as addresses, so a check that knew only `127.0.0.1` could be talked past.
    private init?(v4 text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
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
    static func isNumeric(label: Substring.UTF8View) -> Bool {
        if label.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) { return !label.isEmpty }
        return label.starts(with: "0x".utf8) && label.dropFirst(2).allSatisfy { digit($0) != nil }
    }

    private static func number(_ part: Substring.UTF8View) -> UInt64? {
        if part.starts(with: "0x".utf8) { return digits(part.dropFirst(2), radix: 16) }
        if part.count > 1, part.first == UInt8(ascii: "0") { return digits(part.dropFirst(), radix: 8) }
        return digits(part, radix: 10)
    }

    private static func digits(_ text: Substring.UTF8View, radix: UInt64) -> UInt64? {
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
