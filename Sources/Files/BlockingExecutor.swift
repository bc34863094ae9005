import Dispatch

/// One thread for calls that block: reading a manifest, fsync, writing to a full pipe.
///
/// The cooperative pool has as many threads as the machine has cores, two on a small one, and never adds any: two calls
/// that block there would stop every download. A serial queue of Dispatch has threads besides the pool's. Its jobs run one
/// at a time, in the order in which they came.
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
