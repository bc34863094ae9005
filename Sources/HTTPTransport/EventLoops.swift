import NIOCore
import NIOPosix
import Synchronization

/// The event loops, each with its connections and with what runs tasks on it.
///
/// A request runs on the event loop that holds its connection.
final class EventLoops: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let contexts: [LoopContext]
    /// Where the next request goes that comes from no event loop.
    private let turns = Atomic<Int>(0)

    private struct LoopContext {
        let loop: any EventLoop
        let executor: EventLoopExecutor
        let connections: NIOLoopBoundBox<LoopConnections>
    }

    /// - Parameters:
    ///   - count: how many threads there are.
    ///   - slots: most requests at once on one of them.
    init(count: Int, slots: Int, dialer: (any EventLoop) -> Dialer) {
        // Of its own, for how many loops there are decides how many files the program has open before its first job.
        group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        contexts = group.makeIterator().map { loop in
            LoopContext(
                loop: loop, executor: EventLoopExecutor(loop),
                connections: .makeBoxSendingValue(LoopConnections(dialer(loop), slots: slots), eventLoop: loop))
        }
    }

    /// A limiter for the downloads on all of these loops.
    func limiter(bytesPerSecond: Int) -> DownloadLimiter {
        DownloadLimiter(bytesPerSecond: bytesPerSecond, on: group.next())
    }

    /// Closes all connections and waits until they are closed.
    func shutDown() async {
        // It can only complain of being called twice, and nobody else calls it.
        try? await group.shutdownGracefully()
    }

    /// What runs tasks where the connections are. A task that prefers one of these crosses no thread for a request.
    var executors: [any TaskExecutor] { contexts.map(\.executor) }

    /// Runs `work` with the connections of the event loop that the task is on, or else of any.
    func withConnections<R, Failure: Error>(
        _ work: (LoopConnections) async throws(Failure) -> R
    ) async throws(Failure) -> R {
        if let here = contexts.first(where: { $0.loop.inEventLoop }) {
            return try await work(here.connections.value)
        }
        let turn = turns.wrappingAdd(1, ordering: .relaxed).oldValue
        let context = contexts[Int(UInt(bitPattern: turn) % UInt(contexts.count))]
        return try await withTaskExecutorPreference(context.executor) { () async throws(Failure) in
            try await work(context.connections.value)
        }
    }
}
