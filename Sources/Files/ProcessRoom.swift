import Glibc
import Synchronization

/// How many more threads, and how much more address space, the system gives this process.
///
/// The program asks for them and gives them back. The limits themselves (RLIMIT_NPROC, RLIMIT_AS, RLIMIT_DATA, those of a
/// control group) do not say how much of them is in use already.
public enum ProcessRoom {
    /// How many further threads can run, at most `limit`.
    public static func threads(upTo limit: Int) -> Int {
        let gate = Gate()
        var threads: [CallingThread] = []
        // None of them ends before the last has begun.
        gate.closed.withLock { _ in
            while threads.count < limit, let thread = CallingThread(gate.pass) { threads.append(thread) }
        }
        for thread in threads { thread.join() }
        return threads.count
    }

    /// How many further bytes can be mapped, at most `limit`; exact to some hundred kilobytes.
    public static func addressSpace(upTo limit: Int) -> Int {
        guard isLimited, !canMap(limit) else { return limit }
        var (mapped, refused) = (0, limit)
        while refused - mapped > precision {
            let middle = mapped + (refused - mapped) / 2
            if canMap(middle) { mapped = middle } else { refused = middle }
        }
        return mapped
    }

    /// What the stack of a new thread takes of the address space.
    public static var stackBytes: Int {
        var attributes = pthread_attr_t()
        var bytes = 0
        guard pthread_attr_init(&attributes) == 0 else { return 8 << 20 }
        defer { pthread_attr_destroy(&attributes) }
        return pthread_attr_getstacksize(&attributes, &bytes) == 0 && bytes > 0 ? bytes : 8 << 20
    }

    /// Whether the process has a limit of its own; without one nothing has to be tried.
    private static var isLimited: Bool {
        [RLIMIT_AS, RLIMIT_DATA].contains { kind in
            var limit = rlimit()
            return getrlimit(__rlimit_resource_t(kind.rawValue), &limit) == 0 && limit.rlim_cur != .max
        }
    }

    private static let precision = 256 * 1024

    /// Maps as stacks and heaps are mapped, private and writable, but without memory behind it.
    private static func canMap(_ bytes: Int) -> Bool {
        let place = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let place, place != MAP_FAILED else { return false }
        // It was mapped just now, so that it can be given back.
        _ = munmap(place, bytes)
        return true
    }

    private final class Gate: Sendable {
        let closed = Mutex(())

        @Sendable func pass() {
            closed.withLock { _ in }
        }
    }
}
