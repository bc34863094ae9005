/// One origin, the API or an image host: how it answers our requests, and whether the next one may be sent.
struct Origin: Sendable {
    private(set) var pace: OriginPace
    private var outage: Outage
    private(set) var refusal: Refusal
    /// The last refusal that came.
    private var lastRefusal: JobFailure?

    init(rate: Double? = nil, policy: RunPolicy) {
        pace = OriginPace(rate: rate)
        outage = Outage(retries: policy.retries, backOff: policy.backOff)
        refusal = Refusal(backOff: policy.backOff, longest: policy.maxWait)
    }

    enum Admission: Equatable {
        case admitted
        /// To be asked for again at this moment.
        case at(Duration)
        /// To be asked for again when the request under way has come back.
        case afterProbe
        /// Not in this run.
        case never
    }

    /// Whether a request may be sent now. Its outcome is reported with the same job number, `job`.
    mutating func admit(_ job: Int, at now: Duration) -> Admission {
        let gate = refusal.gate(at: now)
        switch gate {
        case .open, .probe: break
        case .until(let moment): return .at(moment)
        case .untilProbed: return .afterProbe
        case .closed: return .never
        }
        if let later = pace.admit(at: now, isProbe: gate == .probe) { return .at(later) }
        if gate == .probe { refusal.sent(probe: job, at: now) }
        return .admitted
    }

    /// Notes an answer that is no refusal, whatever it said.
    mutating func answered(_ job: Int, at now: Duration) {
        outage.answer()
        pace.answered()
        if refusal.answered(job) { pace.resume(at: now) }
    }

    /// Notes a failure of a job's request, and returns what it means for all who ask the origin.
    mutating func failed(_ job: Int, _ failure: JobFailure, at now: Duration, jitter: () -> Double) -> Notice? {
        if failure.isRefusal {
            outage.answer()
            return refused(job, failure, at: now, jitter: jitter)
        }
        if failure.tellsOfAnOutage {
            refusal.failed(job, isReply: failure.httpStatus != nil, at: now)
            if failure.httpStatus == 503, let named = failure.retryAfter, named > .zero {
                outage.answer()
                let pause = min(named, refusal.longest)
                pace.throttle(at: now, until: now + pause)
                return .pausing(for: pause, failure)
            }
            guard let resume = outage.fault(at: now) else { return nil }
            pace.pause(until: resume)
            return .pausing(for: resume - now, failure)
        }
        if failure.isAnAnswer {
            answered(job, at: now)
        } else {
            refusal.failed(job, isReply: false, at: now)
        }
        return nil
    }

    private mutating func refused(
        _ job: Int, _ failure: JobFailure, at now: Duration, jitter: () -> Double
    ) -> Notice? {
        let before = refusal.state
        lastRefusal = failure
        refusal.refused(job, named: failure.retryAfter, at: now, jitter: jitter)
        guard refusal.state != before else { return nil }
        switch refusal.state {
        case .pausing(let since, _, let until):
            // Many requests were refused at the same moment; one notice of them is enough.
            if case .pausing(_, _, let known) = before, until < known + .seconds(1) { return nil }
            // What is refused after a pause was no burst, and tells nothing of the speed.
            if before == .open { pace.throttle(at: now, until: until) }
            return .refused(failure.stage, refusedFor: max(.zero, now - since), askedAgainIn: until - now)
        case .closed(let since, let notBefore):
            return .closed(failure.stage, refusedFor: now - since, notBefore: notBefore.map { $0 - now })
        case .open, .probing:
            return nil
        }
    }

    /// How a job ends whose origin is not asked any more; nil while it is.
    func failureOfTheRefused(at now: Duration) -> JobFailure? {
        guard case .closed(_, let notBefore) = refusal.state, var failure = lastRefusal else { return nil }
        let origin = failure.stage == .poll ? "The API" : "The image host"
        failure.message =
            notBefore == nil
            ? "\(origin) has refused every request for the longest wait (HTTP 429)."
            : "\(origin) asks for fewer requests, and to be asked again later than this run waits (HTTP 429)."
        failure.retryAfter = notBefore.map { max(.zero, $0 - now) }
        return failure
    }

    /// The origin has been out of order for longer than retries are worth while.
    func isHopeless(at now: Duration) -> Bool { outage.isHopeless(at: now) }

    /// How the origin stands, for a person who watches.
    var standing: Progress.Origin {
        switch refusal.state {
        case .open: pace.pausedUntil > .zero ? .paused(until: pace.pausedUntil) : .open
        case .pausing(let since, _, let until): .refusing(since: since, askedAgainAt: max(until, pace.pausedUntil))
        case .probing(let since, _, _, _): .refusing(since: since, askedAgainAt: since)
        case .closed: .closed
        }
    }
}
