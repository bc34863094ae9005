/// Whether an origin refuses requests (HTTP 429), since when, and when it is asked next.
///
/// The limit belongs to the key or to the address, not to one job, so a refusal pauses the whole origin and uses up no
/// attempt of any job. The pause is the server's `Retry-After`, or else the back-off, which doubles while refusals go
/// on. After each pause one request goes out as a probe: if it is refused too, the next pause begins; if it is
/// answered, the origin is open again. An origin that has refused everything for `longest`, or that names a longer
/// time, is not asked again in this run.
struct Refusal: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// Requests are let through.
        case open
        /// Nothing is sent before `until`; the request after it is the probe.
        case pausing(since: Duration, round: Int, until: Duration)
        /// The probe, known by its job, is on the wire since `sent`, and nothing else is sent.
        case probing(since: Duration, round: Int, probe: Int, sent: Duration)
        /// Nothing is sent any more; `notBefore` is the time that the server named, if it named one.
        case closed(since: Duration, notBefore: Duration?)
    }

    private(set) var state = State.open
    /// Something was answered since the last refusal: the time is counted from the next one.
    private var beginsAnew = false
    private let backOff: BackOff
    /// How long everything may be refused before the origin is given up for this run.
    let longest: Duration

    /// The part of a pause without `Retry-After` that jitter may add, so that many programs do not ask at one moment.
    private static let jitterPart = 0.2

    init(backOff: BackOff, longest: Duration) {
        self.backOff = backOff
        self.longest = longest
    }

    /// Whether the next request may go out.
    enum Gate: Equatable {
        case open
        case closed
        /// The next request is the probe; the caller reports it by ``sent(probe:)``.
        case probe
        case until(Duration)
        /// Until the probe has come back.
        case untilProbed
    }

    func gate(at now: Duration) -> Gate {
        switch state {
        case .open: .open
        case .pausing(_, _, let until): now < until ? .until(until) : .probe
        case .probing: .untilProbed
        case .closed: .closed
        }
    }

    /// Notes that the request after a pause was sent, for the job with this number.
    mutating func sent(probe: Int, at now: Duration) {
        guard case .pausing(let since, let round, _) = state else {
            preconditionFailure("a probe follows a pause")
        }
        state = .probing(since: since, round: round, probe: probe, sent: now)
    }

    /// Notes a refusal of a job's request; `named` is the server's `Retry-After`, and zero counts as none.
    ///
    /// `jitter` is drawn evenly from 0..<1. Refusals of requests that were sent before the pause tell nothing new: they
    /// can only lengthen it, and only as far as the server asks.
    mutating func refused(_ job: Int, named: Duration?, at now: Duration, jitter: () -> Double) {
        let named = named.flatMap { $0 > .zero ? $0 : nil }
        switch state {
        case .open:
            beginsAnew = false
            pause(since: now, round: 1, sent: now, named: named, at: now, jitter: jitter)
        case .probing(let since, let round, probe: job, let sent):
            pause(
                since: beginsAnew ? now : since, round: round + 1, sent: sent, named: named, at: now, jitter: jitter)
            beginsAnew = false
        case .pausing(let since, let round, let until):
            wait(for: named, since: since, round: round, atLeastUntil: until, at: now)
        case .probing(let since, let round, _, _):
            // A refusal from before the pause comes late, as after the process was stopped: what it names holds still.
            wait(for: named, since: since, round: round, atLeastUntil: now, at: now)
        case .closed:
            return
        }
    }

    /// Notes that a job's request was answered, whatever the answer was.
    ///
    /// - Returns: whether this has opened the origin again.
    mutating func answered(_ job: Int) -> Bool {
        guard case .probing(_, _, probe: job, _) = state else {
            // A reply to a request from before the pause: not everything was refused.
            beginsAnew = true
            return false
        }
        state = .open
        return true
    }

    /// Notes that a job's request came to nothing, as when the connection failed: a probe has to be sent anew.
    ///
    /// - Parameter isReply: the server has replied that it has an error of its own. That is no refusal, but it does not
    ///   open the origin either.
    mutating func failed(_ job: Int, isReply: Bool, at now: Duration) {
        if case .probing(let since, let round, probe: job, _) = state {
            state = .pausing(since: since, round: round, until: now)
        }
        if isReply { beginsAnew = true }
    }

    /// Lengthens a pause by what a further refusal names. It tells of the same moment as the refusal that began the
    /// pause, so what it names is measured from now, not from then.
    private mutating func wait(
        for named: Duration?, since: Duration, round: Int, atLeastUntil until: Duration, at now: Duration
    ) {
        guard let named, now + named > until else { return }
        state =
            named > longest
            ? .closed(since: since, notBefore: now + named)
            : .pausing(since: since, round: round, until: now + named)
    }

    /// The next pause, or the origin's end once everything was refused for `longest`; the last probe falls on that
    /// moment.
    ///
    /// What counts is when the refused request was sent: if the process was stopped meanwhile, the time has passed
    /// without a request, and the origin is asked once more.
    private mutating func pause(
        since: Duration, round: Int, sent: Duration, named: Duration?, at now: Duration, jitter: () -> Double
    ) {
        let end = since + longest
        if let named {
            let until = now + named
            state =
                sent + named > end
                ? .closed(since: since, notBefore: until) : .pausing(since: since, round: round, until: until)
        } else if sent >= end {
            state = .closed(since: since, notBefore: nil)
        } else {
            let pause = backOff.limit(afterFailures: round) * (1 + Self.jitterPart * jitter())
            state = .pausing(since: since, round: round, until: max(now, min(now + pause, end)))
        }
    }
}
