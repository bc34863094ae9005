import Dispatch

/// A thread apart for calls that block: reading a manifest, fsync, writing to a full pipe.
///
/// The cooperative pool has as many threads as the machine has cores, two on a small one, and never adds any. A read of
/// an idle standard input would hold one of them for as long as it lasts, and two such calls would stop every download.
/// A serial queue of Dispatch has threads besides the pool's. Jobs run one at a time in the order they came.
public final class BlockingExecutor: TaskExecutor {
    private let queue: DispatchQueue

    /// The label shows in debuggers and stack traces.
    public init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Runs a job once the jobs before it have run.
    public func enqueue(_ job: consuming ExecutorJob) {
        // Only an unowned reference may be captured; the queue runs it exactly once, as ownership demands.
        let job = UnownedJob(job)
        queue.async { [self] in
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
