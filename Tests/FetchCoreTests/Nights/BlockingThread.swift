import Synchronization

/// A thread that calls which block have to themselves, played by the night's one thread: a call that would block
/// begins when it no longer would.
final class BlockingThread: TaskExecutor, Sendable {
    private let loop: NightLoop
    /// When a call that is made now would come back.
    private let ready: @Sendable () -> Duration
    private let latest = Mutex<Int?>(nil)

    init(_ loop: NightLoop, ready: @escaping @Sendable () -> Duration) {
        self.loop = loop
        self.ready = ready
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let number = loop.schedule(UnownedJob(job), of: asUnownedTaskExecutor(), at: ready())
        latest.withLock { $0 = number }
    }

    /// Has the call under way come back now.
    func release() {
        if let number = latest.withLock(\.self) {
            loop.bringForward(number)
        }
    }
}
