import Crypto

/// Counts the bytes of a stream and computes their SHA-256. They come in pieces of any size.
public struct ContentSum: Sendable {
    private var digest = SHA256()
    /// Bytes so far.
    public private(set) var byteCount = 0

    /// The sum of no bytes.
    public init() {}

    /// Reads the next piece of the stream, of any size, zero included.
    public mutating func consume(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { digest.update(bufferPointer: $0) }
        byteCount += bytes.byteCount
    }

    /// The SHA-256 of the bytes so far, as 64 lower-case hexadecimal digits.
    public var sha256: String {
        lowerCaseHex(digest.finalize())
    }
}
