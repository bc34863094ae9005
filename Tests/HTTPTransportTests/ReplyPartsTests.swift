import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import HTTPTransport

@Suite("The parts of a reply", .timeLimit(.minutes(1)))
struct ReplyPartsTests {
    private struct Refusal: Error, Equatable {}

    /// What a reader has taken.
    private final class Taken {
        var bytes: [UInt8] = []
        var ends = 0

        /// Takes a part, and wants no more after the end.
        func take(_ part: ReplyPart) -> Bool {
            switch part {
            case .head: return true
            case .body(let buffer):
                bytes += buffer.readableBytesView
                return true
            case .end:
                ends += 1
                return false
            }
        }
    }

    private static let head = ReplyPart.head(ReplyHead(HTTPResponseHead(version: .http1_1, status: .ok)))

    private static func body(_ bytes: UInt8...) -> ReplyPart { .body(ByteBuffer(bytes: bytes)) }

    /// Runs `work` where parts are read, and calls `arrive` there once `work` waits.
    private func whileWaiting(
        _ work: @Sendable (ReplyParts, Taken) async throws -> Void,
        arrive: @escaping @Sendable (ReplyParts, Taken) -> Void
    ) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        try await withTaskExecutorPreference(EventLoopExecutor(loop)) {
            let parts = ReplyParts()
            let taken = Taken()
            let handle = NIOLoopBound((parts, taken), eventLoop: loop)
            // Tasks of the loop run in the order in which they came, so this one runs when the reader waits.
            loop.execute { arrive(handle.value.0, handle.value.1) }
            try await work(parts, taken)
        }
    }

    @Test func bytesArePassedOnAtTheMomentTheyArrive() async throws {
        try await whileWaiting { parts, taken in
            try await parts.read(taken.take)
            #expect(taken.bytes == [1, 2, 3])
            #expect(taken.ends == 1)
        } arrive: { parts, taken in
            parts.append(Self.head)
            parts.append(Self.body(1, 2))
            #expect(taken.bytes == [1, 2])
            parts.append(Self.body(3))
            #expect(taken.bytes == [1, 2, 3])
            #expect(parts.isEmpty)
            parts.append(.end)
        }
    }

    @Test func partsThatCameBeforeTheReaderArePassedOnFirst() async throws {
        try await whileWaiting { parts, taken in
            parts.append(Self.head)
            parts.append(Self.body(1))
            try await parts.read(taken.take)
            #expect(taken.bytes == [1, 2])
        } arrive: { parts, taken in
            #expect(taken.bytes == [1])
            parts.append(Self.body(2))
            parts.append(.end)
        }
    }

    @Test func readerThatWantsNoMoreLeavesTheRest() async throws {
        try await whileWaiting { parts, _ in
            _ = try await parts.nextHead()
            #expect(try await parts.nextBytes() == ByteBuffer(bytes: [1]))
            #expect(try await parts.nextBytes() == nil)
            #expect(parts.isEmpty)
        } arrive: { parts, _ in
            parts.append(Self.head)
            parts.append(Self.body(1))
            parts.append(.end)
            #expect(!parts.isEmpty)
        }
    }

    @Test func readerThatThrowsIsNotCalledAgain() async throws {
        try await whileWaiting { parts, taken in
            await #expect(throws: Refusal()) {
                try await parts.read { part in
                    _ = taken.take(part)
                    throw Refusal()
                }
            }
            #expect(taken.bytes == [1])
        } arrive: { parts, _ in
            parts.append(Self.body(1))
            parts.append(Self.body(2))
            // Whatever ends the connection now, the reader is told the first reason.
            parts.fail(ConnectionError.timeout)
        }
    }

    @Test func failureEndsTheReaderThatWaits() async throws {
        try await whileWaiting { parts, taken in
            await #expect(throws: ConnectionError.timeout) { try await parts.read(taken.take) }
            #expect(taken.bytes == [1])
        } arrive: { parts, _ in
            parts.append(Self.body(1))
            parts.fail(ConnectionError.timeout)
            parts.fail(ConnectionError.hangUp)
        }
    }
}
