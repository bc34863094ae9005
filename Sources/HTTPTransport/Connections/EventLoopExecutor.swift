import NIOCore

/// Runs tasks on the thread of one event loop.
///
/// A request whose task runs on the loop of its connection never changes threads: bytes are read, checked and written to
/// disk in one turn of the loop.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        // Only an unowned reference may be captured; the loop runs it exactly once, as ownership demands.
        let job = UnownedJob(job)
        loop.execute { [self] in
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
