/// How the run stands.
enum RunState {
    case running
    /// Nothing new starts: what is under way comes to its end.
    case draining(Drain)
    /// Nothing is left to do, or nothing more can be recorded.
    case finished(stop: StopReason?, failure: RunFailure?)

    /// Why nothing new starts any more; nil while the run goes on, and after one that went to its end.
    var stop: StopReason? {
        switch self {
        case .running: nil
        case .draining(let drain): drain.reason
        case .finished(let stop, _): stop
        }
    }

    /// Why records are missing; nil when no record is missing.
    var failure: RunFailure? {
        if case .finished(_, let failure) = self { failure } else { nil }
    }
}

/// The end of a run that stops early: why it stops, and what may still go on until when.
struct Drain {
    private(set) var reason: StopReason
    /// Images whose urls are in hand are still fetched. What one reason has ended, no other begins again.
    private(set) var allowsDownloads: Bool
    /// When the requests in flight are cancelled; nil if they take the time that they need, or were cancelled.
    private(set) var cancelAt: Duration?

    init(for reason: StopReason, at now: Duration) {
        self.reason = reason
        allowsDownloads = reason.allowsDownloads
        cancelAt = reason.grace.map { now + $0 }
    }

    /// The run stops for this reason too, which outranks the one before.
    func replacing(_ earlier: Drain) -> Drain {
        var drain = self
        drain.allowsDownloads = allowsDownloads && earlier.allowsDownloads
        drain.cancelAt = [cancelAt, earlier.cancelAt].compactMap(\.self).min()
        return drain
    }

    /// Whether the requests in flight are to be cancelled now. It is said once.
    mutating func cancels(at now: Duration) -> Bool {
        guard let moment = cancelAt, now >= moment else { return false }
        cancelAt = nil
        allowsDownloads = false
        return true
    }
}
