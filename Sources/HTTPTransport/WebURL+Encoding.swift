extension WebURL {
    /// The bytes of a text as browsers read it (WHATWG URL Standard), up to its fragment: without what they take away,
    /// with slashes for backslashes, and with every byte that may not stand in a url percent-encoded, once.
    ///
    /// Encoded is what the standard encodes and what RFC 3986 forbids: some servers refuse a bare `|`, and none reads
    /// `%7C` otherwise. The host is not encoded where it is not ASCII, so that it can be seen and refused.
    ///
    /// `URL(string:)` would do much of it too, but having found one such byte it encodes the percent signs of the whole
    /// path again (`a|b%20c` becomes `a%7Cb%2520c`), which breaks a signed url.
    static func prepared(_ text: String) throws(Flaw) -> [UInt8] {
        guard text.utf8.count <= maxBytes else { throw .tooLong }
        // Nearly every url is so, and is taken as it is.
        if text.utf8.allSatisfy(isPlain) { return Array(text.utf8) }
        let bytes = cleaned(text)
        let authority = authority(of: bytes) ?? 0..<0
        let query = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if stays(byte, at: index, in: bytes, authority: authority, query: query) {
                result.append(byte)
            } else {
                result += percentEncoded(byte)
            }
        }
        return result
    }

    /// Whether a byte stays as it is wherever it stands.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "&")...UInt8(ascii: ";"), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "="), UInt8(ascii: "?"):
            // From the ampersand to the semicolon stand the digits, and the apostrophe, which a query may not hold.
            byte != UInt8(ascii: "'")
        default: false
        }
    }

    static func percentEncoded(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "%"), hexDigit(byte >> 4), hexDigit(byte & 15)]
    }

    /// The bytes without spaces and controls at both ends, tabs and line breaks anywhere, and a fragment; a backslash
    /// before the query is a slash.
    private static func cleaned(_ text: String) -> [UInt8] {
        var bytes = text.utf8.drop { $0 <= 0x20 }.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        if let fragment = bytes.firstIndex(of: UInt8(ascii: "#")) { bytes.removeSubrange(fragment...) }
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "?") { break }
            if byte == UInt8(ascii: "\\") { bytes[index] = UInt8(ascii: "/") }
        }
        return bytes
    }

    /// Where the colon after the scheme stands; nil if the text begins with no scheme (RFC 3986, section 3.1).
    static func schemeEnd(of bytes: [UInt8]) -> Int? {
        guard let first = bytes.first, isLetter(first), let end = bytes.firstIndex(where: { !isSchemeByte($0) }) else {
            return nil
        }
        return bytes[end] == UInt8(ascii: ":") ? end : nil
    }

    /// Where the authority lies, the only place for brackets; nil if there is none (RFC 3986, section 3.2).
    static func authority(of bytes: [UInt8]) -> Range<Int>? {
        let slash = UInt8(ascii: "/")
        let start = schemeEnd(of: bytes).map { $0 + 1 } ?? 0
        guard bytes.count >= start + 2, bytes[start] == slash, bytes[start + 1] == slash else { return nil }
        let body = start + 2
        return body..<(bytes[body...].firstIndex(where: endsAuthority) ?? bytes.count)
    }

    private static func stays(
        _ byte: UInt8, at index: Int, in bytes: [UInt8], authority: Range<Int>, query: Int
    ) -> Bool {
        switch byte {
        case UInt8(ascii: "%"):
            return index + 2 < bytes.count && isHexDigit(bytes[index + 1]) && isHexDigit(bytes[index + 2])
        case UInt8(ascii: "["), UInt8(ascii: "]"), 0x80...:
            return authority.contains(index)
        case UInt8(ascii: "'"):
            return index < query
        case ...0x20, 0x7f, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
            UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            return false
        default:
            return true
        }
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: isLetter(byte)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
