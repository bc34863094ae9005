/// The id of an image-generation job: a UUID, kept as its 16 bytes.
///
/// Two spellings of one UUID are the same job, so equality is on the bytes and never on text. A set of a million
/// ids costs a third of what the strings would.
public struct JobID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Reads the 8-4-4-4-12 form, hexadecimal digits in either case; anything else is nil.
    public init?(_ text: some StringProtocol) {
        // One byte more than an id has is enough to see that the text is not an id.
        let bytes = Array(text.utf8.prefix(Self.length + 1))
        self.init(utf8: bytes.span)
    }

    /// Reads the 8-4-4-4-12 form from UTF-8 bytes; anything else is nil.
    ///
    /// There is no branch on a single digit: every digit is as likely as every other, so the processor would mispredict
    /// half of the branches. All bytes are read, and one that is no digit is only noted.
    public init?(utf8 bytes: Span<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        var half: UInt64 = 0
        var upperHalf: UInt64 = 0
        var isLegal = true
        for position in 0..<Self.length {
            let byte = bytes[position]
            switch position {
            case 8, 13, 23:
                isLegal = isLegal && byte == UInt8(ascii: "-")
            case 18:
                isLegal = isLegal && byte == UInt8(ascii: "-")
                (upperHalf, half) = (half, 0)
            default:
                let isDigit = byte &- UInt8(ascii: "0") < 10
                let isLetter = (byte | 0x20) &- UInt8(ascii: "a") < 6
                isLegal = isLegal && (isDigit || isLetter)
                // The letters of either case end in the bits of 1 to 6, and are 10 to 15.
                half = half << 4 | UInt64(byte & 15 &+ (byte >> 6) &* 9)
            }
        }
        guard isLegal else { return nil }
        high = upperHalf
        low = half
    }

    /// The names of the field that holds a job's id, in manifests and in the API's replies; the first is our own.
    ///
    /// `id` alone is not one: it may be of anything.
    public static let fieldNames: [StaticString] = ["job_id", "jobId", "jobid"]

    /// Characters of the 8-4-4-4-12 form.
    public static let length = 36

    /// The 8-4-4-4-12 form in lower case, as ASCII.
    public var ascii: InlineArray<36, UInt8> {
        let digits: StaticString = "0123456789abcdef"
        var text = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
        var position = 0
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { position += 1 }
            let byte = UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - 8 * (index & 7)))
            text[position] = digits.utf8Start[Int(byte >> 4)]
            text[position + 1] = digits.utf8Start[Int(byte & 15)]
            position += 2
        }
        return text
    }
}

extension JobID: CustomStringConvertible {
    /// The 8-4-4-4-12 form in lower case, as it is sent to the API and used in file names.
    public var description: String {
        let text = ascii
        return text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
