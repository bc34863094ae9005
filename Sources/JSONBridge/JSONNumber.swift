/// A number as it was spelled.
///
/// The digits are never printed again from a binary value, so `1.10` and integers beyond 64 bits stay what they are.
/// Two numbers are equal when they are spelled alike: `1.0` and `1` differ.
public struct JSONNumber: Sendable, Hashable {
    /// The spelling, which the grammar of RFC 8259 allows.
    public let text: String

    /// The number an integer spells.
    public init(_ value: Int) {
        text = String(value)
    }

    /// A number from its spelling, or nil when JSON does not allow it or no finite `Double` is near it.
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

    /// A number whose spelling has been through the scanner; it may be beyond the range of `Double`.
    init(scanned text: String) {
        self.text = text
    }

    /// The value, when it is spelled as an integer and fits; `1.0` and `1e2` have none, since only digits are exact.
    public var int: Int? {
        Int(text)
    }

    /// The nearest double, or nil when that is not finite.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
