/// A number as it was spelled.
///
/// The text is kept and never printed from a binary value, so `1.10` and integers beyond 64 bits stay as they are.
/// Two numbers are equal when they are spelled alike: `1.0` and `1` differ.
public struct JSONNumber: Sendable, Hashable {
    /// The spelling, which the grammar of RFC 8259 allows.
    public let text: String

    /// An integer.
    public init(_ value: Int) {
        text = String(value)
    }

    /// A number by its spelling; nil if JSON does not allow that, or if the value is beyond the range of `Double`.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "-") || JSONScanner.isDigit(first) else { return nil }
        var scanner = JSONScanner(depthLimit: 0)
        do {
            try scanner.number(bytes.span)
        } catch {
            return nil
        }
        guard scanner.position == bytes.count else { return nil }
        self.text = text
    }

    /// A number whose spelling the scanner has accepted; it may be beyond the range of `Double`.
    init(scanned text: String) {
        self.text = text
    }

    /// The value of a number that is spelled as an integer and fits; nil for any other, `1.0` and `1e2` included.
    public var int: Int? {
        Int(text)
    }

    /// The nearest double, or nil when that is not finite.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
