/// The id of an image-generation job: a UUID, kept as its 16 bytes.
///
/// Two spellings of one UUID are the same job, so equality is on the bytes and never on text. A set of a million
/// ids costs a third of what the strings would.
public struct JobID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Reads the 8-4-4-4-12 form, hexadecimal digits in either case; anything else is nil.
    public init?(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    /// Reads the 8-4-4-4-12 form from UTF-8 bytes; anything else is nil.
    public init?(utf8 bytes: some Sequence<UInt8>) {
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        var position = 0
        for byte in bytes {
            switch position {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return nil }
            default:
                guard position < Self.length, let digit = Self.hexValue(byte) else { return nil }
                if digits < 16 {
                    halves.0 = halves.0 << 4 | digit
                } else {
                    halves.1 = halves.1 << 4 | digit
                }
                digits += 1
            }
            position += 1
        }
        guard position == Self.length else { return nil }
        high = halves.0
        low = halves.1
    }

    /// Characters of the 8-4-4-4-12 form.
    private static let length = 36

    private static func hexValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension JobID: CustomStringConvertible {
    /// The 8-4-4-4-12 form in lower case, as it is sent to the API and used in file names.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.length) { buffer in
            let digits: StaticString = "0123456789abcdef"
            var nibble = 0
            for position in 0..<Self.length {
                switch position {
                case 8, 13, 18, 23:
                    buffer.initializeElement(at: position, to: UInt8(ascii: "-"))
                default:
                    let half = nibble < 16 ? high : low
                    let digit = Int(half >> UInt64(60 - 4 * (nibble % 16)) & 15)
                    buffer.initializeElement(at: position, to: digits.utf8Start[digit])
                    nibble += 1
                }
            }
            return Self.length
        }
    }
}
