import CZlib

/// Inflates one stream as it arrives, with a room of a fixed size and a limit to what comes out.
final class Inflater {
    /// zlib's state points back at this, so it has one address for as long as it lives.
    private let stream: UnsafeMutablePointer<z_stream>
    private let room: UnsafeMutableRawBufferPointer
    private let limit: Int
    private let isGzip: Bool
    private var place = Place.within
    /// How many bytes have come out, and how many of them were handed on.
    private(set) var produced = 0
    private(set) var handedOn = 0

    /// Where in the stream the next byte belongs.
    private enum Place {
        /// In the stream, or in one of gzip's members.
        case within
        /// After one of gzip's members, where another may follow (RFC 1952, section 2.2); the first byte of its mark may
        /// have come.
        case betweenMembers(sawFirst: Bool)
        /// Behind the end. What follows there belongs to nothing, and is passed over.
        case behind
    }

    /// As much as comes out at once: little enough to stay in a processor's cache.
    private static let roomLength = 64 << 10

    /// - Throws: ``BodyDecoder/Fault/noMemory``.
    init(_ form: ContentCoding.Form, limit: Int) throws(BodyDecoder.Fault) {
        self.limit = limit
        isGzip = form == .gzip
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        room = .allocate(byteCount: Self.roomLength, alignment: 16)
        // The largest window; 16 more asks for gzip's header and checksum, and a minus for none at all.
        let windowBits: Int32 =
            switch form {
            case .gzip: MAX_WBITS + 16
            case .bareDeflate: -MAX_WBITS
            case .zlib, .plain: MAX_WBITS
            }
        guard inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .noMemory
        }
    }

    deinit {
        // Of a stream that was never set up it says so, and frees nothing.
        _ = inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        room.deallocate()
    }

    /// Whether all that was begun has ended, with the checksum that its format has.
    var isWhole: Bool {
        if case .within = place { false } else { true }
    }

    /// Inflates the next bytes, and hands on what comes out.
    ///
    /// - Throws: ``BodyDecoder/Fault``, and what `consume` throws.
    func feed(_ bytes: RawSpan, into consume: (RawSpan) throws -> Void) throws {
        var rest = bytes
        while !rest.isEmpty {
            switch place {
            case .within:
                rest = rest.extracting(droppingFirst: try inflate(rest, into: consume))
            case .betweenMembers(let sawFirst):
                let byte = rest.unsafeLoad(as: UInt8.self)
                rest = rest.extracting(droppingFirst: 1)
                try begin(byte, sawFirst: sawFirst, into: consume)
            case .behind:
                return
            }
        }
    }

    /// Takes a byte that may begin another member.
    private func begin(_ byte: UInt8, sawFirst: Bool, into consume: (RawSpan) throws -> Void) throws {
        switch (byte, sawFirst) {
        case (Self.mark[0], false):
            place = .betweenMembers(sawFirst: true)
        case (Self.mark[1], true):
            guard inflateReset(stream) == Z_OK else { throw BodyDecoder.Fault.corrupt }
            place = .within
            _ = try inflate(Self.mark.span.bytes, into: consume)
        default:
            place = .behind
        }
    }

    private static let mark: [UInt8] = [0x1F, 0x8B]

    /// Inflates bytes of the stream until there are no more, or it has ended; returns how many it took.
    private func inflate(_ bytes: RawSpan, into consume: (RawSpan) throws -> Void) throws -> Int {
        try bytes.withUnsafeBytes { bytes in
            // zlib reads through this pointer and never writes. A piece is far below what `avail_in` can count.
            stream.pointee.next_in = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?
                .assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(bytes.count)
            defer { stream.pointee.next_in = nil }
            // A full room may leave more within zlib than there is of the input.
            repeat {
                try inflateOnce(into: consume)
            } while !isWhole && stream.pointee.avail_out == 0
            return bytes.count - Int(stream.pointee.avail_in)
        }
    }

    /// Fills the room once, as far as the input reaches, and hands on what is in it.
    private func inflateOnce(into consume: (RawSpan) throws -> Void) throws {
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room.count)
        let result = CZlib.inflate(stream, Z_NO_FLUSH)
        let count = room.count - Int(stream.pointee.avail_out)
        produced += count
        switch result {
        // The second says that no more can be done without further input.
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: place = isGzip ? .betweenMembers(sawFirst: false) : .behind
        case Z_MEM_ERROR: throw BodyDecoder.Fault.noMemory
        default: throw BodyDecoder.Fault.corrupt
        }
        guard produced <= limit else { throw BodyDecoder.Fault.tooLarge }
        handedOn += count
        if count > 0 { try consume(UnsafeRawBufferPointer(rebasing: room[..<count]).bytes) }
    }
}
