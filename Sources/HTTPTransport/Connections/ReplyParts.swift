import NIOCore

/// The parts of a reply that have arrived, until they are read.
///
/// Belongs to one event loop: everything here is called on that loop's thread. Only one task may read at a time.
final class ReplyParts {
    private var head: ReplyHead?
    private var bodyPieces: CircularBuffer<ByteBuffer> = []
    private var hasEnd = false
    /// The task that waits: what takes the next part meanwhile, and whether it wants another one.
    private var reader: (take: (ReplyPart) throws -> Bool, end: CheckedContinuation<Void, any Error>)?
    /// Size of the parts that wait, in bytes.
    private(set) var waitingBytes = 0
    /// Bytes of the body among them.
    private(set) var waitingBodyBytes = 0
    /// Why there will be no more parts; those that arrived before can still be read.
    private(set) var failure: (any Error)?
    /// Called when a part was read, with the number of its bytes; 0 for what is no part of the body.
    var whenRead: ((_ bodyBytes: Int) -> Void)?

    /// Bytes of one reply that are kept before they are read. One read may bring as many more.
    static let bytesLimit = 256 * 1024
    /// What a part counts besides its bytes, so that a body of tiny chunks is limited too.
    private static let overhead = 256

    var isEmpty: Bool { head == nil && bodyPieces.isEmpty && !hasEnd }
    /// Nothing more is to be taken from the socket before some of them were read.
    var isFull: Bool { waitingBytes >= Self.bytesLimit }

    /// Takes in the next part.
    func append(_ part: ReplyPart) {
        let bodyBytes = part.bodyBytes
        if let reader {
            pass(part, to: reader.take)
            whenRead?(bodyBytes)
        } else {
            waitingBytes += bodyBytes + Self.overhead
            waitingBodyBytes += bodyBytes
            keep(part)
        }
    }

    private func keep(_ part: ReplyPart) {
        switch part {
        case .head(let head): self.head = head
        case .body(let bytes): bodyPieces.append(bytes)
        case .end: hasEnd = true
        }
    }

    private func pass(_ part: ReplyPart, to take: (ReplyPart) throws -> Bool) {
        do {
            if try !take(part) { endReading(with: .success(())) }
        } catch {
            endReading(with: .failure(error))
        }
    }

    /// Ends the reply with an error; the first one counts.
    func fail(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        endReading(with: .failure(error))
    }

    private func endReading(with result: Result<Void, any Error>) {
        reader.take()?.end.resume(with: result)
    }

    /// Passes parts to `take`, each at the moment at which it arrives, until `take` returns false or throws.
    ///
    /// Bytes that are used at once are still in the processor's cache, and the memory that they were read into is free for
    /// the next read, whichever connection that is of. The task goes on only after the last part.
    func read(_ take: @escaping (ReplyPart) throws -> Bool) async throws {
        while let part = next() {
            guard try take(part) else { return }
        }
        if let failure { throw failure }
        try await withCheckedThrowingContinuation { reader = (take, $0) }
    }

    /// Waits for the next part.
    func nextPart() async throws -> ReplyPart {
        if let part = next() { return part }
        var next: ReplyPart?
        try await read { part in
            next = part
            return false
        }
        guard let next else { throw ConnectionError.hangUp }
        return next
    }

    /// Waits for the head of the reply.
    func nextHead() async throws -> ReplyHead {
        // Nothing else arrives first.
        guard case .head(let head) = try await nextPart() else { throw ConnectionError.hangUp }
        return head
    }

    /// Waits for the next bytes of the body; nil at its end.
    func nextBytes() async throws -> ByteBuffer? {
        guard case .body(let bytes) = try await nextPart() else { return nil }
        return bytes
    }

    /// Drops the parts that have arrived.
    func skip() {
        while next() != nil {}
    }

    /// The next part, if it has arrived.
    func next() -> ReplyPart? {
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
