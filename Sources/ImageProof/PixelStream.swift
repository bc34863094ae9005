import CZlib

/// Inflates the pixels of one image as they stream in, and checks their rows; memory is constant.
///
/// Once an error is found it stays, and nothing more is inflated.
struct PixelStream: ~Copyable {
    /// zlib's state points back at it, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let room: UnsafeMutableRawBufferPointer
    private var rows: PixelRows
    private var hasEnded = false
    private(set) var error: PixelError?

    /// How much is inflated at once: little enough to stay in a processor's cache.
    private static let roomLength = 64 << 10

    init(_ header: PNGHeader) {
        rows = PixelRows(header)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        room = .allocate(byteCount: Self.roomLength, alignment: 16)
        let result = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if result != Z_OK { error = Self.refusal(result, stream) }
    }

    deinit {
        // For a stream that was never set up it returns an error and frees nothing.
        _ = inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        room.deallocate()
    }

    /// Reads the next piece of the compressed pixels.
    mutating func consume(_ bytes: RawSpan) {
        guard error == nil, bytes.byteCount > 0 else { return }
        bytes.withUnsafeBytes { bytes in
            // zlib reads through this pointer and never writes.
            stream.pointee.next_in = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?
                .assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(bytes.count)
            error = inflateAll()
            stream.pointee.next_in = nil
        }
    }

    /// Inflates all input that zlib has. A piece of a file is far smaller than what `avail_in` can count.
    private mutating func inflateAll() -> PixelError? {
        while stream.pointee.avail_in > 0 {
            if hasEnded { return .bytesAfterStream }
            // When the output buffer is full, zlib may hold more output than the input that is left.
            repeat {
                stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_out = UInt32(room.count)
                let result = inflate(stream, Z_NO_FLUSH)
                let count = room.count - Int(stream.pointee.avail_out)
                if let error = rows.consume(UnsafeRawBufferPointer(rebasing: room[..<count])) { return error }
                switch result {
                case Z_OK: break
                case Z_STREAM_END: hasEnded = true
                // zlib needs more input.
                case Z_BUF_ERROR: return nil
                default: return Self.refusal(result, stream)
                }
            } while !hasEnded && stream.pointee.avail_out == 0
        }
        return nil
    }

    /// Ends the stream, and says what is wrong with it; nil if nothing is.
    consuming func finish() -> PixelError? {
        if let error { return error }
        guard hasEnded else { return .unfinished }
        return rows.isComplete ? nil : .tooShort
    }

    private static func refusal(_ result: Int32, _ stream: UnsafeMutablePointer<z_stream>) -> PixelError {
        if result == Z_NEED_DICT { return .notInflatable("a preset dictionary is asked for") }
        guard let message = stream.pointee.msg else { return .notInflatable("zlib fails with \(result)") }
        return .notInflatable(String(cString: message))
    }
}
