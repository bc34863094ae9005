import NIOCore

/// What a connection's replies are read into.
///
/// A connection keeps one small buffer, for replies of an API. What does not fit it is read in large pieces, each into a
/// buffer of its own, which is free again as soon as the piece was used. So a run has a few large buffers at a time, and
/// not one for each connection. One read at a time is asked of the channel with it.
struct ReplyReadAllocator: RecvByteBufferAllocator {
    /// Size of the small buffer, in bytes.
    static let smallBytes = 8 << 10
    /// Most bytes of a plain connection that are read at once: as many as are worth a call of the system, and few enough
    /// for the processor's cache.
    static let plainPieceBytes = 256 << 10
    /// The same over TLS, whose handler keeps a buffer as large for each connection.
    static let securePieceBytes = 64 << 10

    private let pieceBytes: Int
    private var isLarge = false

    init(overTLS: Bool) {
        pieceBytes = overTLS ? Self.securePieceBytes : Self.plainPieceBytes
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        allocator.buffer(capacity: isLarge ? pieceBytes : Self.smallBytes)
    }

    /// Nil, so that the channel does not keep large buffers.
    func nextBufferSize() -> Int? { nil }

    /// After a read that fills the small buffer the next one is large, until one brings less. When this returns false the
    /// channel reads into its first buffer again, which is the small one.
    mutating func record(actualReadBytes count: Int) -> Bool {
        isLarge = count >= Self.smallBytes
        return isLarge
    }
}
