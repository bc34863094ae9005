import NIOCore
import Testing

@testable import HTTPTransport

@Suite("What replies are read into")
struct ReplyReadAllocatorTests {
    /// The room of the buffer that is offered after reads of so many bytes, or of fewer where the buffers were smaller,
    /// by NIO's own pool for a channel that is asked for one read at a time.
    private func room(after reads: [Int], overTLS: Bool = false) -> Int {
        var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: ReplyReadAllocator(overTLS: overTLS))
        for count in reads {
            let (_, read) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
                buffer.writeRepeatingByte(0, count: min(count, buffer.writableBytes))
            }
            pool.record(actualReadBytes: read)
        }
        return pool.buffer(allocator: ByteBufferAllocator()) { $0.writableBytes }.1
    }

    @Test func smallRepliesAreReadIntoASmallBuffer() {
        #expect(room(after: []) == ReplyReadAllocator.smallBytes)
        #expect(room(after: [300, 8191, 1]) == ReplyReadAllocator.smallBytes)
    }

    @Test(arguments: [(false, ReplyReadAllocator.plainPieceBytes), (true, ReplyReadAllocator.securePieceBytes)])
    func largeRepliesAreReadInLargePieces(overTLS: Bool, piece: Int) {
        #expect(room(after: [300_000], overTLS: overTLS) == piece)
        #expect(room(after: [300_000, 300_000, 40_000], overTLS: overTLS) == piece)
    }

    @Test func connectionKeepsTheSmallBufferAlone() {
        #expect(room(after: [300_000, 300_000, 300_000, 300]) == ReplyReadAllocator.smallBytes)
    }
}
