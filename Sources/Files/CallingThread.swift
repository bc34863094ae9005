import Glibc

/// A thread that makes one call, and has to be joined.
struct CallingThread {
    private let thread: pthread_t

    /// Many times what a call of the system and what is around it take.
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
        // Of the C library's eight megabytes so few fit into its store of used stacks that most would be mapped anew.
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        let body = Unmanaged.passRetained(Body(call))
        var thread = pthread_t()
        let fault = pthread_create(
            &thread, &attributes,
            { body in
                guard let body else { return nil }
                Unmanaged<Body>.fromOpaque(body).takeRetainedValue().call()
                return nil
            }, body.toOpaque())
        guard fault == 0 else {
            body.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits for the call's end.
    func join() {
        let fault = pthread_join(thread, nil)
        precondition(fault == 0, "a thread is joined once, and not by itself")
    }
}
