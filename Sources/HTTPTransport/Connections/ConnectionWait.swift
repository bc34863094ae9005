import NIOCore

/// One request that waits for a connection that is made for another. It ends once.
///
/// Belongs to its event loop.
final class ConnectionWait {
    private var continuation: CheckedContinuation<Void, any Error>?
    private var ending: Result<Void, any Error>?
    private var timer: Scheduled<Void>?

    init(on loop: any EventLoop, until deadline: NIODeadline) {
        timer = loop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.end(.failure(ConnectionError.timeout))
        }
    }

    func result() async throws {
        try await withCheckedThrowingContinuation { continuation in
            if let ending { return continuation.resume(with: ending) }
            self.continuation = continuation
        }
    }

    func end(_ result: Result<Void, any Error>) {
        guard ending == nil else { return }
        ending = result
        timer?.cancel()
        timer = nil
        continuation?.resume(with: result)
    }
}
