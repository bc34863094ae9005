import FetchCore
import Glibc
import Synchronization
import UnixSignals

/// The signals that a run listens to: SIGINT, SIGTERM and SIGHUP stop it, SIGUSR1 asks how things stand.
///
/// The first that stops ends the run in order. The second ends the program at once: whoever sends it has waited long
/// enough.
///
/// Unchecked, because the one iterator that the sequence allows is not marked as sendable: it is a reference to a
/// stream, which is safe to use from any task, and ``next()`` is awaited by one task at a time.
final class ProcessSignals: @unchecked Sendable {
    private let signals: UnixSignalsSequence.AsyncIterator
    private let stopping = Atomic(false)
    private let leave: @Sendable () -> Void

    /// Traps the signals, except those that were ignored when the program began (as by nohup): these stay ignored.
    ///
    /// `leave` is called before the program ends at once, and must not wait for anything.
    init(leave: @escaping @Sendable () -> Void) async {
        self.leave = leave
        let wanted: [UnixSignal] = [.sigint, .sigterm, .sighup, .sigusr1]
        signals = await UnixSignalsSequence(trapping: wanted.filter { !Self.isIgnored($0.rawValue) })
            .makeAsyncIterator()
    }

    /// Waits for the next signal; nil when the wait is cancelled.
    func next() async -> RunSignal? {
        var signals = signals
        guard let signal = await signals.next() else { return nil }
        if signal == .sigusr1 {
            return .report
        }
        if stopping.exchange(true, ordering: .relaxed) {
            leave()
            _exit(128 + signal.rawValue)
        }
        return .stop(signal.rawValue)
    }

    /// Whether the signal was ignored when the program began, and so is to stay.
    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        // SIG_IGN is the address 1; Swift's importer offers no constant to compare a handler with.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
