import CZlib

/// Decompresses one stream as it arrives, with a buffer of a fixed size and a limit on what comes out.
final class Inflater {
    /// zlib's state points back at this, so its address must not change.
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer: UnsafeMutableRawBufferPointer
    private let limit: Int
    private let isGzip: Bool
    private var position = Position.inStream
    /// How many bytes have come out, and how many of them were passed on.
    private(set) var produced = 0
    private(set) var passedOn = 0

    /// Where in the stream the next byte belongs.
    private enum Position {
        /// In the stream, or in a member of gzip.
        case inStream
        /// After a member of gzip, where another may follow (RFC 1952, section 2.2); the first byte of its signature may
        /// have arrived.
        case betweenMembers(sawFirst: Bool)
        /// After the end. What follows there is ignored.
        case afterEnd
    }

    /// Most bytes that come out at once: few enough to stay in a processor's cache.
    private static let bufferLength = 64 << 10

    /// - Throws: ``BodyDecoderError/noMemory``.
    init(_ form: ContentCoding.Form, limit: Int) throws(BodyDecoderError) {
        self.limit = limit
        isGzip = form == .gzip
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        buffer = .allocate(byteCount: Self.bufferLength, alignment: 16)
        // The largest window; 16 more asks for gzip's header and checksum, and a minus for none at all.
        let windowBits: Int32 =
            switch form {
            case .gzip: MAX_WBITS + 16
            case .rawDeflate: -MAX_WBITS
            case .zlib, .plain: MAX_WBITS
            }
        guard inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .noMemory
        }
    }

    deinit {
        // For a stream that was never set up it returns an error and frees nothing.
        _ = inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        buffer.deallocate()
    }

    /// Whether the stream has ended, with the checksum that its format has.
    var isComplete: Bool {
        if case .inStream = position { false } else { true }
    }

    /// Decompresses the next bytes, and passes on what comes out.
    ///
    /// - Throws: ``BodyDecoderError``, and what `consume` throws.
    func feed(_ bytes: RawSpan, into consume: (RawSpan) throws -> Void) throws {
        var rest = bytes
        while !rest.isEmpty {
            switch position {
            case .inStream:
                rest = rest.extracting(droppingFirst: try inflate(rest, into: consume))
            case .betweenMembers(let sawFirst):
                let byte = rest.unsafeLoad(as: UInt8.self)
                rest = rest.extracting(droppingFirst: 1)
                try begin(byte, sawFirst: sawFirst, into: consume)
            case .afterEnd:
                return
            }
        }
    }

    /// Reads a byte that may begin another member.
    private func begin(_ byte: UInt8, sawFirst: Bool, into consume: (RawSpan) throws -> Void) throws {
        switch (byte, sawFirst) {
        case (Self.signature[0], false):
            position = .betweenMembers(sawFirst: true)
        case (Self.signature[1], true):
            guard inflateReset(stream) == Z_OK else { throw BodyDecoderError.corrupt }
            position = .inStream
            _ = try inflate(Self.signature.span.bytes, into: consume)
        default:
            position = .afterEnd
        }
    }

    private static let signature: [UInt8] = [0x1F, 0x8B]

    /// Decompresses bytes of the stream until there are no more, or it has ended; returns how many it read.
    private func inflate(_ bytes: RawSpan, into consume: (RawSpan) throws -> Void) throws -> Int {
        try bytes.withUnsafeBytes { bytes in
            // zlib reads through this pointer and never writes. A piece is far below what `avail_in` can count.
            stream.pointee.next_in = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?
                .assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(bytes.count)
            defer { stream.pointee.next_in = nil }
            // After a full buffer zlib may still hold output, though its input is used up.
            repeat {
                try inflateOnce(into: consume)
            } while !isComplete && stream.pointee.avail_out == 0
            return bytes.count - Int(stream.pointee.avail_in)
        }
    }

    /// Fills the buffer once, as far as the input reaches, and passes its contents on.
    private func inflateOnce(into consume: (RawSpan) throws -> Void) throws {
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(buffer.count)
        let result = CZlib.inflate(stream, Z_NO_FLUSH)
        let count = buffer.count - Int(stream.pointee.avail_out)
        produced += count
        switch result {
        // The second says that there is nothing more to do without further input.
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: position = isGzip ? .betweenMembers(sawFirst: false) : .afterEnd
        case Z_MEM_ERROR: throw BodyDecoderError.noMemory
        default: throw BodyDecoderError.corrupt
        }
        guard produced <= limit else { throw BodyDecoderError.tooLarge }
        passedOn += count
        if count > 0 { try consume(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes) }
    }
}
