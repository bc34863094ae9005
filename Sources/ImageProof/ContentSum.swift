import Crypto

/// How many bytes a stream has, and their SHA-256; they come in pieces of any size.
public struct ContentSum: Sendable {
    private var digest = SHA256()
    /// Bytes so far.
    public private(set) var byteCount = 0

    /// The sum of a stream at its start.
    public init() {}

    /// Reads the next piece of the stream, of any size, also none.
    public mutating func consume(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { digest.update(bufferPointer: $0) }
        byteCount += bytes.byteCount
    }

    /// The SHA-256 of the bytes so far, as 64 lower-case hexadecimal digits.
    public var sha256: String {
        lowerCaseHex(digest.finalize())
    }
}
