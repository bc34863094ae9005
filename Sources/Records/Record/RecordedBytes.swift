public import FetchCore

/// The `image` of a record, as far as it can be compared with a file.
public struct RecordedBytes: Sendable, Equatable {
    public let path: String
    /// The path below the output directory; nil for the job's own name.
    public let name: ImageName?
    public let bytes: Int
    public let width: UInt32
    public let height: UInt32
    public let sha256: SHA256Sum
    /// The record warns that the PNG breaks a rule that decoders forgive.
    public let isIrregular: Bool

    /// 1 TiB: larger than any image, and small enough that the sizes of all images can be added up.
    static let most = 1 << 40

    /// Whether a path can name a file: it does not end in a slash, and has no NUL at which the system would cut it off.
    static func canBeFile(_ path: String) -> Bool {
        !path.isEmpty && !path.utf8.contains(0) && path.utf8.last != UInt8(ascii: "/")
    }
}

/// A SHA-256 as a number, which takes half the memory of its digits.
public struct SHA256Sum: Sendable, Equatable {
    private let high: UInt128
    private let low: UInt128

    /// Reads 64 hexadecimal digits in lower case, as records have them; anything else is nil.
    public init?(hex text: String) {
        let digits = text.utf8
        let middle = digits.index(digits.startIndex, offsetBy: 32, limitedBy: digits.endIndex)
        guard digits.count == 64, let middle,
            digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let high = UInt128(text[..<middle], radix: 16), let low = UInt128(text[middle...], radix: 16)
        else { return nil }
        (self.high, self.low) = (high, low)
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 32 - digits.utf8.count) + digits
        }.joined()
    }
}
