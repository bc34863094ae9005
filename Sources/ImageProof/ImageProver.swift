/// Proves in one pass that a stream of bytes is a whole PNG, and counts and hashes the bytes.
///
/// Bytes come in pieces of any size; memory is constant. Once a call has thrown, every further call throws the same
/// error.
public struct ImageProver: Sendable {
    private var scanner = PNGScanner()
    private var sum = ContentSum()

    /// A prover at the start of a stream.
    public init() {}

    /// Reads the next piece of the stream, of any size, zero included.
    ///
    /// Throws as soon as a byte shows that the stream is not a good PNG; the bytes before it need not be kept.
    public mutating func consume(_ bytes: RawSpan) throws(PNGError) {
        // The hash goes first: it takes so long that the processor fetches the bytes from memory meanwhile.
        sum.consume(bytes)
        try scanner.consume(bytes)
    }

    /// Ends the stream and returns what is proven of it.
    ///
    /// Throws an error of kind `truncated` if the image is not complete.
    public mutating func finish() throws(PNGError) -> ProvenPNG {
        let png = try scanner.finish()
        return ProvenPNG(
            bytes: sum.byteCount, sha256: sum.sha256, header: png.header, irregularity: png.irregularity)
    }
}

/// What is proven of a stream of bytes that is a whole PNG.
///
/// Only an ``ImageProver`` makes one, so no caller has to check again.
public struct ProvenPNG: Sendable, Equatable {
    /// The size of the whole image, in bytes.
    public let bytes: Int
    /// The SHA-256 of these bytes, as 64 lower-case hexadecimal digits.
    public let sha256: String
    /// What the PNG says about itself.
    public let header: PNGHeader
    /// The first rule of PNG that it breaks and that decoders forgive; nil if it breaks none.
    public let irregularity: PNGError?
}
