/// The text of a JSON string, read from its spelling without a tree.
public enum JSONText {
    /// What stands between a string's quotes, with its escapes read, as UTF-8.
    ///
    /// The spelling has been checked to be JSON. Each half of a surrogate pair that stands alone, which no UTF-8 can
    /// have, becomes `substitute`.
    public static func utf8(spelled content: Span<UInt8>, loneSurrogate substitute: Unicode.Scalar) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var position = 0
        while position < content.count {
            guard content[position] == UInt8(ascii: "\\"), position + 1 < content.count else {
                text.append(content[position])
                position += 1
                continue
            }
            if let unit = JSONScanner.codeUnit(content, at: position) {
                let low = 0xD800..<0xDC00 ~= unit ? lowSurrogate(content, at: position + 6) : nil
                text += (low.flatMap { pair(unit, $0) } ?? Unicode.Scalar(unit) ?? substitute).utf8
                position += low == nil ? 6 : 12
            } else {
                text.append(character(escapedAs: content[position + 1]))
                position += 2
            }
        }
        return text
    }

    private static func lowSurrogate(_ content: Span<UInt8>, at start: Int) -> UInt32? {
        JSONScanner.codeUnit(content, at: start).flatMap { 0xDC00..<0xE000 ~= $0 ? $0 : nil }
    }

    private static func pair(_ high: UInt32, _ low: UInt32) -> Unicode.Scalar? {
        Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }

    /// The character of an escape of two characters, by the second one.
    private static func character(escapedAs letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        // A quote, a backslash or a slash stands for itself.
        default: letter
        }
    }
}
