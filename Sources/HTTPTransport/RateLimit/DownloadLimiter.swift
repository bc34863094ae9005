import NIOCore
import Synchronization

/// Holds all downloads together to a rate, whichever event loop they are on.
///
/// ``ReadTurns`` decides whose turn it is. Here those that wait are suspended, and a timer of one event loop wakes the
/// first in line.
final class DownloadLimiter: Sendable {
    private let loop: any EventLoop
    private let state: Mutex<State>

    private struct State {
        var turns: ReadTurns
        var waiting: [ReadTurns.Place: CheckedContinuation<Void, any Error>] = [:]
        /// The earliest moment for which a timer is set.
        var timer: Duration?

        /// Returns when a further timer has to fire; nil if none has to.
        mutating func setTimer() -> Duration? {
            guard let next = turns.nextTurn, timer.map({ next < $0 }) ?? true else { return nil }
            timer = next
            return next
        }
    }

    /// - Parameter loop: whose timer wakes those that wait.
    init(bytesPerSecond: Int, on loop: any EventLoop) {
        self.loop = loop
        state = Mutex(State(turns: ReadTurns(bytesPerSecond: bytesPerSecond)))
    }

    private static var now: Duration { .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }

    /// Waits for a turn to read a piece.
    ///
    /// - Throws: `CancellationError` at once when the task is cancelled; it has no turn then.
    func turn() async throws {
        guard let place = state.withLock({ $0.turns.ask(at: Self.now) }) else { return }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = update { state in
                    // The handler may have been called already, and found nothing.
                    guard !Task.isCancelled else { return true }
                    state.turns.wait(at: place)
                    state.waiting[place] = continuation
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            update { state in
                state.turns.leave(place)
                return state.waiting.removeValue(forKey: place)
            }?.resume(throwing: CancellationError())
        }
    }

    /// A turn has brought this many bytes of the body.
    func settle(_ bytes: Int) { update { $0.turns.settle(bytes) } }

    /// Bytes of the body have come beside those of a turn.
    func add(_ bytes: Int) { update { $0.turns.add(bytes) } }

    /// Changes the state, and then wakes those whose turn it is.
    @discardableResult
    private func update<Value: Sendable>(_ change: (inout State) -> Value) -> Value {
        let (result, admitted, timer) = state.withLock { state in
            let result = change(&state)
            let admitted = state.turns.admit(at: Self.now).compactMap { state.waiting.removeValue(forKey: $0) }
            return (result, admitted, state.setTimer())
        }
        admitted.forEach { $0.resume() }
        if let timer { wake(at: timer) }
        return result
    }

    private func wake(at moment: Duration) {
        let (seconds, attoseconds) = moment.components
        let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000) + 1
        loop.scheduleTask(deadline: .uptimeNanoseconds(nanoseconds)) {
            self.update { state in
                if state.timer == moment { state.timer = nil }
            }
        }
    }
}

/// The turns of one download. Belongs to its task.
final class DownloadTurns {
    private let limiter: DownloadLimiter
    /// A turn was taken, and what it brought is not known yet.
    private var isOpen = false
    /// How long the download has waited for its turns.
    private(set) var waited: Duration = .zero

    init(_ limiter: DownloadLimiter) {
        self.limiter = limiter
    }

    /// Waits for the next turn.
    func take() async throws {
        end()
        let start = ContinuousClock.now
        try await limiter.turn()
        isOpen = true
        waited += start.duration(to: .now)
    }

    /// Notes bytes of the body that have come.
    func note(_ bytes: Int) {
        if isOpen { limiter.settle(bytes) } else { limiter.add(bytes) }
        isOpen = false
    }

    /// Gives back what an open turn has not brought.
    func end() {
        if isOpen { note(0) }
    }
}
