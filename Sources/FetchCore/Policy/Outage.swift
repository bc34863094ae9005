/// Whether an origin is out of order, judged by transient faults in a row with no answer between them.
///
/// During an outage requests are sent in rounds, with growing pauses between them, so that they do not overload an
/// origin in trouble. The run waits as long as one job's own retries would take. If the outage lasts longer, each job
/// gets one attempt and no more: so an outage does not multiply requests, and the run ends.
struct Outage: Sendable {
    private let backOff: BackOff
    private let longest: Duration
    private var faults = 0
    private var rounds = 0
    private var since: Duration?
    private var pausedUntil: Duration = .zero

    /// Faults in a row that are no longer single jobs' bad luck: requests pause.
    static let threshold = 8
    /// Faults in a row beyond which a run has enough jobs for an outage to multiply requests: attempts are saved.
    static let savingThreshold = 100

    init(retries: Int, backOff: BackOff) {
        self.backOff = backOff
        longest = (0..<retries).reduce(.zero) { $0 + backOff.limit(afterFailures: $1 + 1) }
    }

    /// Notes a fault, and returns until when nothing should go to the origin, if it is time for a pause.
    mutating func fault(at now: Duration) -> Duration? {
        faults += 1
        since = since ?? now
        guard faults >= Self.threshold, now >= pausedUntil, !isHopeless(at: now) else { return nil }
        rounds += 1
        pausedUntil = now + backOff.limit(afterFailures: rounds)
        return pausedUntil
    }

    /// Notes an answer, whatever it said: the origin is in order.
    mutating func answer() {
        faults = 0
        rounds = 0
        since = nil
    }

    /// The outage has lasted too long; further attempts in this run are useless.
    func isHopeless(at now: Duration) -> Bool {
        guard faults >= Self.savingThreshold, let since else { return false }
        return now - since > longest
    }
}
