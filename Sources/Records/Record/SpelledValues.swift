public import JSONBridge

// Values that are read from their JSON without a tree. The JSON has been checked before.

extension Int {
    /// Reads a JSON number without a fraction or an exponent; nil for all other values.
    init?(json text: Span<UInt8>) {
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        let digits = text.extracting(droppingFirst: isNegative ? 1 : 0)
        guard digits.count > 0 else { return nil }
        var value = 0
        for position in 0..<digits.count {
            let digit = digits[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isBeyond) =
                isNegative ? tens.subtractingReportingOverflow(Int(digit)) : tens.addingReportingOverflow(Int(digit))
            guard !isTooLarge, !isBeyond else { return nil }
            value = sum
        }
        self = value
    }
}

extension String {
    /// Reads a JSON value that is a string; nil for all others.
    init?(json text: Span<UInt8>) {
        guard let place = contentOfString(text) else { return nil }
        let content = text.extracting(place)
        guard content.indices.contains(where: { content[$0] == UInt8(ascii: "\\") }) else {
            self = content.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            return
        }
        // The text has been checked: only half of a surrogate pair is refused here.
        guard let string = (try? JSONDocument(parsing: text.bytes))?.root.string else { return nil }
        self = string
    }
}

/// What stands between a string's quotes, escapes as they are; nil for a value that is no string.
func contentOfString(_ value: Span<UInt8>) -> Range<Int>? {
    value[0] == UInt8(ascii: "\"") ? (0..<value.count).dropFirst().dropLast() : nil
}

extension JSONReading {
    /// How manifest lines and records are read.
    ///
    /// A line's own fields are its user's business, and come back as they stand, in records that are lines again.
    public static let ofManifestLines = JSONReading.grammatical
}
