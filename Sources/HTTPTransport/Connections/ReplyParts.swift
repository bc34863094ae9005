import NIOCore

/// The parts of a reply that have arrived, until they are read.
///
/// Belongs to one event loop: everything here is called on that loop's thread. Only one task may read at a time.
final class ReplyParts {
    private var head: ReplyHead?
    private var bodyPieces: CircularBuffer<ByteBuffer> = []
    private var hasEnd = false
    /// Waits for the next part, or for the failure.
    private var reader: CheckedContinuation<Void, Never>?
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

    var isEmpty: Bool { head == nil && bodyPieces.isEmpty && !hasEnd }
    /// Nothing more is to be taken from the socket before some of them were read.
    var isFull: Bool { waitingBytes >= Self.bytesLimit }

    /// Takes in the next part.
    func append(_ part: ReplyPart) {
        switch part {
        case .head(let head): self.head = head
        case .body(let bytes): bodyPieces.append(bytes)
        case .end: hasEnd = true
        }
        let bodyBytes = part.bodyBytes
        waitingBytes += bodyBytes + Self.overhead
        waitingBodyBytes += bodyBytes
        reader.take()?.resume()
    }

    /// Ends the reply with an error; the first one counts.
    func fail(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        reader.take()?.resume()
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
        while true {
            if let part = take() { return part }
            if let failure { throw failure }
            await withCheckedContinuation { reader = $0 }
        }
    }

    /// Drops the parts that have arrived.
    func skip() {
        while take() != nil {}
    }

    /// The next part, if it has arrived.
    func take() -> ReplyPart? {
        guard let part = removeFirst() else { return nil }
        let bodyBytes = part.bodyBytes
        waitingBytes -= bodyBytes + Self.overhead
        waitingBodyBytes -= bodyBytes
        whenRead?(bodyBytes)
        return part
    }

    private func removeFirst() -> ReplyPart? {
        if let head = head.take() { return .head(head) }
        if let bytes = bodyPieces.popFirst() { return .body(bytes) }
        guard hasEnd else { return nil }
        hasEnd = false
        return .end
    }
}
