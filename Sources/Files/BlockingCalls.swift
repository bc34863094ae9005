import Glibc
import Synchronization

extension Array where Element: Sendable {
    /// Makes a call that blocks for each element, several at a time, and returns the results in the elements' order.
    ///
    /// Blocks until the last call is done. Each call under way has a thread, one of them the calling one; where the
    /// system has no thread to give, fewer calls are made at a time. The number of cores does not matter: a call that
    /// blocks needs none.
    public func concurrentMap<Value: Sendable>(
        maxConcurrent limit: Int, _ call: @escaping @Sendable (Element) -> Value
    ) -> [Value] {
        guard count > 1, limit > 1 else { return map(call) }
        let work = SharedWork(self, call)
        let others = (1..<Swift.min(limit, count)).compactMap { _ in CallingThread(work.run) }
        work.run()
        for other in others { other.join() }
        return work.values
    }
}

/// The elements that several threads share among them, and the values so far.
private final class SharedWork<Element: Sendable, Value: Sendable>: Sendable {
    private let elements: [Element]
    private let call: @Sendable (Element) -> Value
    private let next = Atomic(0)
    private let found: Mutex<[Value?]>

    init(_ elements: [Element], _ call: @escaping @Sendable (Element) -> Value) {
        self.elements = elements
        self.call = call
        found = Mutex(Array(repeating: nil, count: elements.count))
    }

    /// Takes one element after another until none is left.
    @Sendable func run() {
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < elements.count else { return }
            let value = call(elements[index])
            found.withLock { $0[index] = value }
        }
    }

    /// The results, once all threads are done.
    var values: [Value] {
        let values = found.withLock { $0.compactMap(\.self) }
        precondition(values.count == elements.count, "the values are asked for once every call is done")
        return values
    }
}

/// A thread that makes one call, and has to be joined.
struct CallingThread {
    private let thread: pthread_t

    /// Many times what a system call and the code around it need.
    private static let stackBytes = 256 * 1024

    /// What a new thread is handed: a C function takes one pointer.
    private final class Body: Sendable {
        let call: @Sendable () -> Void

        init(_ call: @escaping @Sendable () -> Void) {
            self.call = call
        }
    }

    /// Nil where the system has no thread to give, in memory or by a limit.
    init?(_ call: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // The C library keeps the stacks of ended threads for new ones, but few of its usual eight megabytes.
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        let body = Unmanaged.passRetained(Body(call))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { body in
                guard let body else { return nil }
                Unmanaged<Body>.fromOpaque(body).takeRetainedValue().call()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits for the call's end.
    func join() {
        let code = pthread_join(thread, nil)
        precondition(code == 0, "a thread is joined once, and not by itself")
    }
}
