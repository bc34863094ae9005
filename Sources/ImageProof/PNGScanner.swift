import CDeflate

/// Checks a PNG as its bytes stream in, in constant memory.
///
/// Bytes come in pieces of any size, and the result does not depend on where the stream is cut. Call ``finish()`` at
/// the end of the stream: only what it returns is a proof. Once a call has thrown, every further call throws the same
/// error.
///
/// The rules are those of the PNG specification, third edition (ISO/IEC 15948). The code that checks a rule names its
/// section.
///
/// - What the picture depends on is checked strictly: the signature, the CRC-32 of every chunk, the fields of IHDR, the
///   number and order of IHDR, PLTE, IDAT and IEND, and that no critical chunk is unknown.
/// - An image that breaks only a rule that decoders forgive is irregular, not broken. Such are bytes after IEND, and a
///   PLTE that is too long, of odd length, in a grayscale image, or after the image data of a truecolor one. The first
///   such rule is returned with the header, and the caller decides.
/// - Ancillary chunks, also those of animations, are accepted in any order, number and content, as long as their CRC is
///   right. A decoder may ignore each of them (13.5), and no pixel depends on one.
/// - A chunk whose third letter is lower case is treated as any other unknown chunk: an ancillary one is accepted, a
///   critical one is not. The specification reserves that bit, and decoders must not call it an error (5.4, 13.5).
/// - The compressed data is not inflated here; ``ImageAudit`` does that. The CRC shows that the data is what the
///   encoder wrote, but not that the encoder wrote all of it.
public struct PNGScanner: Sendable {
    private enum Step {
        case signature
        /// The length and the name of a chunk.
        case chunkHead
        case chunkData(Chunk, left: Int)
        case checksum(Chunk)
        case complete(PNGHeader)
        case failed(PNGError)
    }

    private struct Chunk {
        let name: PNGChunkName
        var crc: UInt32
    }

    private var step = Step.signature
    private var order = PNGChunkOrder()
    private var field = BigEndianField()
    /// The data of IHDR, kept until its CRC is checked.
    private var headerFields = BigEndianField()
    /// The first broken rule that decoders forgive.
    private var irregularity: PNGError?
    /// Bytes read so far.
    private var offset = 0

    /// A scanner at the start of a stream.
    public init() {}

    /// Reads the next piece of the stream, of any size, zero included.
    ///
    /// Throws as soon as a byte shows that the stream is not a good PNG, perhaps in the middle of a chunk.
    public mutating func consume(_ bytes: RawSpan) throws(PNGError) {
        try consume(bytes) { _, _ in }
    }

    /// Reads the next piece of the stream, and passes on the compressed pixels in it before their CRC is checked.
    mutating func consume(
        _ bytes: RawSpan, passingImageData pass: (PNGHeader, RawSpan) -> Void
    ) throws(PNGError) {
        if case .failed(let error) = step { throw error }
        var position = 0
        while position < bytes.byteCount {
            do throws(PNGError) {
                position += try advance(bytes, from: position, passingImageData: pass)
            } catch {
                step = .failed(error)
                throw error
            }
        }
    }

    /// Ends the stream and returns the header of the image, which is now proven, and how the image is irregular.
    ///
    /// Throws an error of kind `truncated` if the image is not complete.
    public mutating func finish() throws(PNGError) -> ScannedPNG {
        let error: PNGError
        switch step {
        case .complete(let header): return ScannedPNG(header: header, irregularity: irregularity)
        case .failed(let earlier): error = earlier
        case .signature, .chunkHead: error = PNGError(offset == 0 ? .noBytes : .incomplete, at: offset)
        case .chunkData(let chunk, _), .checksum(let chunk): error = PNGError(.incomplete, at: offset, in: chunk.name)
        }
        step = .failed(error)
        throw error
    }

    /// Reads the bytes of the current step, at least one, and returns how many it read.
    private mutating func advance(
        _ bytes: RawSpan, from position: Int, passingImageData pass: (PNGHeader, RawSpan) -> Void
    ) throws(PNGError) -> Int {
        let taken: Int
        switch step {
        case .signature:
            taken = 1
            try checkSignature(byte: bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self))
        case .chunkHead:
            taken = field.take(bytes, from: position, upTo: Self.headLength)
            if let head = field.takeValue(ofWidth: Self.headLength) {
                try beginChunk(
                    name: PNGChunkName(code: UInt32(truncatingIfNeeded: head)), length: Int(head >> 32),
                    start: offset + taken - Self.headLength)
            }
        case .chunkData(var chunk, let left):
            taken = min(left, bytes.byteCount - position)
            let data = bytes.extracting(position..<position + taken)
            chunk.crc = checksum(chunk.crc, adding: data)
            if let header = order.headerOfImageData { pass(header, data) }
            if chunk.name == .header { _ = headerFields.take(bytes, from: position, upTo: PNGHeader.length) }
            step = taken == left ? .checksum(chunk) : .chunkData(chunk, left: left - taken)
        case .checksum(let chunk):
            taken = field.take(bytes, from: position, upTo: Self.checksumLength)
            if let stored = field.takeValue(ofWidth: Self.checksumLength) {
                try endChunk(
                    chunk, storedChecksum: UInt32(truncatingIfNeeded: stored), at: offset + taken - Self.checksumLength)
            }
        case .complete:
            // 5.2: the datastream ends with IEND; 11.2.4: IEND marks its end. Decoders read no further.
            noteIrregularity(PNGError(.bytesAfterEnd, at: offset))
            taken = bytes.byteCount - position
        case .failed(let error): throw error
        }
        offset += taken
        return taken
    }

    private mutating func checkSignature(byte: UInt8) throws(PNGError) {
        // 5.2: the eight bytes every PNG begins with.
        let expected = UInt8(truncatingIfNeeded: Self.signature >> (8 * UInt64(Self.signatureLength - 1 - offset)))
        guard byte == expected else { throw PNGError(.signatureMismatch, at: offset) }
        if offset == Self.signatureLength - 1 { step = .chunkHead }
    }

    private mutating func beginChunk(name: PNGChunkName, length: Int, start: Int) throws(PNGError) {
        // 5.3: a length is at most 2^31 − 1, and a name is four letters.
        guard length <= Int32.max else { throw PNGError(.chunkTooLong, at: start, in: name) }
        let nameOffset = start + Self.headLength / 2
        guard name.isFourLetters else { throw PNGError(.chunkNameIllegal, at: nameOffset, in: name) }
        switch order.admit(name, length: length) {
        case .regular: break
        case .irregular(let reason): noteIrregularity(PNGError(reason, at: nameOffset, in: name))
        case .refused(let reason): throw PNGError(reason, at: nameOffset, in: name)
        }

        // 5.3: the CRC covers the name and the data, not the length.
        let crc = withUnsafeBytes(of: name.code.bigEndian) { checksum(0, adding: $0.bytes) }
        let chunk = Chunk(name: name, crc: crc)
        step = length == 0 ? .checksum(chunk) : .chunkData(chunk, left: length)
    }

    private mutating func noteIrregularity(_ error: PNGError) {
        if irregularity == nil { irregularity = error }
    }

    private mutating func endChunk(_ chunk: Chunk, storedChecksum: UInt32, at start: Int) throws(PNGError) {
        // 5.5, 13.1: a wrong CRC in any chunk, ancillary ones too, means that the transfer damaged the stream.
        guard chunk.crc == storedChecksum else { throw PNGError(.checksumMismatch, at: start, in: chunk.name) }
        step = .chunkHead
        if let fields = headerFields.takeValue(ofWidth: PNGHeader.length) {
            order.noteHeader(try PNGHeader(fields: fields))
        }
        if let header = order.headerOfWholeImage { step = .complete(header) }
    }

    // 5.2 and 5.3: sizes of the fixed fields, in bytes. A chunk's head is its length and its name.
    private static let signature: UInt64 = 0x8950_4E47_0D0A_1A0A
    private static let signatureLength = 8
    private static let headLength = 8
    private static let checksumLength = 4
}

/// What a whole PNG says about itself, and the rule that it breaks, if any.
public struct ScannedPNG: Sendable, Equatable {
    public let header: PNGHeader
    /// The first rule that it breaks and that decoders forgive; nil if it breaks none.
    public let irregularity: PNGError?
}

/// Continues a CRC-32 (5.5) with `bytes`.
///
/// libdeflate uses the processor's carry-less multiplication where zlib uses tables, and is two to three times as fast.
private func checksum(_ crc: UInt32, adding bytes: RawSpan) -> UInt32 {
    bytes.withUnsafeBytes { buffer in
        // Without an address libdeflate would start again, and return the CRC of no bytes.
        guard let start = buffer.baseAddress else { return crc }
        return libdeflate_crc32(crc, start, buffer.count)
    }
}
