import Glibc
import Synchronization

/// How much more the system would give this process: threads, and address space.
///
/// It is found out by asking for it and giving it back, because the limits that the system tells (RLIMIT_NPROC,
/// RLIMIT_AS, RLIMIT_DATA, those of a control group) do not tell how much of them is used by others.
public enum ProcessRoom {
    /// How many threads can run beside those that there are, at most `limit`.
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

    /// How many bytes can be mapped beside those that are, at most `limit`, to some hundred kilobytes.
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

    /// Stacks and heaps are private and may be written to; so is this, which no page of memory is given for.
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
