/// Percent-encoding: a byte that may not stand in a url is written as a percent sign and two hexadecimal digits.
package enum PercentEncoding {
    /// A part of a url whose bytes are encoded by rules of their own.
    enum Component {
        case path, query
    }

    /// Whether a byte has to be encoded in this part.
    ///
    /// The rules are the WHATWG URL Standard's path percent-encode set and special-query percent-encode set. A percent
    /// sign always stays: what is encoded already is not encoded again.
    static func encodes(_ byte: UInt8, in component: Component) -> Bool {
        switch byte {
        case ...0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"): true
        case UInt8(ascii: "'"): component == .query
        case UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            component == .path
        default: false
        }
    }

    /// Appends bytes to a url, encoded where they have to be.
    static func append(_ bytes: ArraySlice<UInt8>, as component: Component, to url: inout [UInt8]) {
        for byte in bytes {
            if encodes(byte, in: component) {
                url += encoded(byte)
            } else {
                url.append(byte)
            }
        }
    }

    /// The three bytes that stand for one.
    package static func encoded(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "%"), hexDigit(byte >> 4), hexDigit(byte & 15)]
    }

    /// The bytes without their encoding; nil if a percent sign has no two hexadecimal digits behind it.
    package static func decoded(_ bytes: some Sequence<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else { return nil }
            decoded.append(high << 4 | low)
        }
        return decoded
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
