extension WebURL {
    /// The text up to its fragment, with every byte that may not stand in a url percent-encoded, once.
    ///
    /// `URL(string:)` would do it too, but having found one such byte it encodes the percent signs of the whole path
    /// again (`a|b%20c` becomes `a%7Cb%2520c`), which breaks a signed url. Nothing is left here for it to do.
    static func prepared(_ text: String) throws(Flaw) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count <= maxBytes else { throw .tooLong }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { throw .forbiddenCharacter }
        let authority = authority(of: bytes)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.prefix(while: { $0 != UInt8(ascii: "#") }).enumerated() {
            if stays(byte, at: index, in: bytes, authority: authority) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(hexDigit(byte >> 4))
                result.append(hexDigit(byte & 15))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func stays(_ byte: UInt8, at index: Int, in bytes: [UInt8], authority: Range<Int>) -> Bool {
        switch byte {
        case UInt8(ascii: "%"):
            return index + 2 < bytes.count && isHexDigit(bytes[index + 1]) && isHexDigit(bytes[index + 2])
        case UInt8(ascii: "["), UInt8(ascii: "]"):
            return authority.contains(index)
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), 0x80...:
            return false
        default:
            return true
        }
    }

    /// Where the authority lies, the only place for brackets; empty if there is none.
    private static func authority(of bytes: [UInt8]) -> Range<Int> {
        let slash = UInt8(ascii: "/")
        var start = 0
        if let end = bytes.firstIndex(where: { ":/?#".utf8.contains($0) }), bytes[end] == UInt8(ascii: ":") {
            start = end + 1
        }
        guard bytes.count >= start + 2, bytes[start] == slash, bytes[start + 1] == slash else { return 0..<0 }
        let body = start + 2
        let end = bytes[body...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
        return body..<end
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
