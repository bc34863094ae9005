import NIOCore

/// The parts of a reply that have arrived, until they are read.
///
/// Belongs to one event loop: everything here is called on that loop's thread. Only one task may read at a time.
final class ReplyParts {
    private var parts: CircularBuffer<ReplyPart> = []
    private var reader: CheckedContinuation<ReplyPart, any Error>?
    /// Size of the parts that wait, in bytes.
    private(set) var waitingBytes = 0
    /// Bytes of the body among them.
    private(set) var waitingBodyBytes = 0
    /// Why there will be no more parts; those that arrived before can still be read.
    private(set) var failure: (any Error)?
    /// Called when a part was read, with the number of its bytes; 0 for what is no part of the body.
    var whenRead: ((_ bodyBytes: Int) -> Void)?

    /// Most bytes of one reply that are kept before they are read: a few of the largest reads.
    static let bytesLimit = 256 * 1024
    /// What a part counts besides its bytes, so that a body of tiny chunks is limited too.
    private static let overhead = 256

    var isEmpty: Bool { parts.isEmpty }
    /// Nothing more is to be taken from the socket before some of them were read.
    var isFull: Bool { waitingBytes >= Self.bytesLimit }

    /// Takes in the next part.
    func append(_ part: ReplyPart) {
        let bodyBytes = part.bodyBytes
        if let reader {
            self.reader = nil
            reader.resume(returning: part)
            whenRead?(bodyBytes)
        } else {
            waitingBytes += bodyBytes + Self.overhead
            waitingBodyBytes += bodyBytes
            parts.append(part)
        }
    }

    /// Ends the reply with an error; the first one counts.
    func fail(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        reader?.resume(throwing: error)
        reader = nil
    }

    /// Waits for the head of the reply.
    func nextHead() async throws -> ReplyHead {
        // Nothing else arrives first.
        guard case .head(let head) = try await next() else { throw ConnectionError.hangUp }
        return head
    }

    /// Waits for the next bytes of the body; nil at its end.
    func nextBytes() async throws -> ByteBuffer? {
        guard case .body(let bytes) = try await next() else { return nil }
        return bytes
    }

    private func next() async throws -> ReplyPart {
        if let part = take() { return part }
        if let failure { throw failure }
        return try await withCheckedThrowingContinuation { reader = $0 }
    }

    /// Drops the parts that have arrived.
    func skip() {
        while take() != nil {}
    }

    /// The next part, if it has arrived.
    func take() -> ReplyPart? {
        guard let part = parts.popFirst() else { return nil }
        let bodyBytes = part.bodyBytes
        waitingBytes -= bodyBytes + Self.overhead
        waitingBodyBytes -= bodyBytes
        whenRead?(bodyBytes)
        return part
    }
}
