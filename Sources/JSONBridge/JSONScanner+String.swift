/// How a string may be spelled.
extension JSONScanner {
    /// Scans the string whose opening quote is at `position`; returns whether it holds an escape.
    mutating func string(_ bytes: Span<UInt8>, isName: Bool) throws(JSONError) -> Bool {
        let opening = position
        var hasEscapes = false
        position += 1
        while position < bytes.count {
            skipPlainText(bytes)
            guard position < bytes.count else { break }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape(bytes, in: opening, isName: isName)
            case 0..<0x20:
                throw JSONError(.controlCharacter, at: position)
            case 0x20..<0x80:
                position += 1
            default:
                try multibyteCharacter(bytes)
            }
        }
        throw JSONError(.unclosedString, at: opening)
    }

    /// Skips plain text, eight bytes at a time: ASCII without quotes, backslashes and control characters.
    ///
    /// When fewer than eight bytes are left it stops, even if the next byte is plain.
    private mutating func skipPlainText(_ bytes: Span<UInt8>) {
        while position + 8 <= bytes.count {
            let special = Self.specialBytes(
                in: UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)))
            guard special == 0 else {
                position += special.trailingZeroBitCount / 8
                return
            }
            position += 8
        }
    }

    /// The lowest bit that is set is the high bit of the first byte that is not plain; the bits above it mean nothing.
    ///
    /// A subtraction sets the high bit of a byte that is too small for it, and borrows from the next byte.
    static func specialBytes(in word: UInt64) -> UInt64 {
        let one: UInt64 = 0x0101_0101_0101_0101
        let quotes = (word ^ (one &* UInt64(UInt8(ascii: "\"")))) &- one
        let backslashes = (word ^ (one &* UInt64(UInt8(ascii: "\\")))) &- one
        let controls = word &- (one &* 0x20)
        return (word | quotes | backslashes | controls) & (one &* 0x80)
    }

    /// Scans the escape whose backslash is at `position`.
    private mutating func escape(_ bytes: Span<UInt8>, in opening: Int, isName: Bool) throws(JSONError) {
        let start = position
        guard start + 1 < bytes.count else { throw JSONError(.unclosedString, at: opening) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard let unit = Self.codeUnit(bytes, at: start) else { throw JSONError(.invalidEscape, at: start) }
            position = start + 6
            switch unit {
            case 0 where isName:
                // In json-c a name ends at the first NUL, so two different names could become one.
                throw JSONError(.nullInName, at: start)
            case 0xD800..<0xDC00 where Self.isLowSurrogate(bytes, at: position):
                position += 6
            case 0xD800..<0xE000:
                guard reading.allowsWholeGrammar else { throw JSONError(.loneSurrogate, at: start) }
                needsRepair = true
            default:
                break
            }
        default:
            throw JSONError(.invalidEscape, at: start)
        }
    }

    /// The number in the `\uXXXX` whose backslash is at `start`; nil if there is no such escape.
    static func codeUnit(_ bytes: Span<UInt8>, at start: Int) -> UInt32? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt32 = 0
        for index in start + 2..<start + 6 {
            let digit: UInt8
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[index] - UInt8(ascii: "0")
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[index] - UInt8(ascii: "A") + 10
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[index] - UInt8(ascii: "a") + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Whether the escape at `start` is the second half of a surrogate pair.
    static func isLowSurrogate(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        codeUnit(bytes, at: start).map { 0xDC00..<0xE000 ~= $0 } == true
    }

    /// Scans a character of two to four bytes.
    private mutating func multibyteCharacter(_ bytes: Span<UInt8>) throws(JSONError) {
        if let length = Self.lengthOfCharacter(bytes, at: position) {
            position += length
        } else if reading.allowsStrangeBytes {
            position += 1
            needsRepair = true
        } else {
            throw JSONError(.invalidUTF8, at: position)
        }
    }

    /// The length of the character at `position`, two to four bytes; nil if it is not UTF-8.
    ///
    /// The cases are the rows of table 3-7 of the Unicode Standard.
    static func lengthOfCharacter(_ bytes: Span<UInt8>, at position: Int) -> Int? {
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[position] {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)
        case 0xED: (second, length) = (0x80...0x9F, 3)
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)
        default: return nil
        }
        guard position + length <= bytes.count, second ~= bytes[position + 1] else { return nil }
        for index in position + 2..<position + length where !(0x80...0xBF ~= bytes[index]) { return nil }
        return length
    }
}
