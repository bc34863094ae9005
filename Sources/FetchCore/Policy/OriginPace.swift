/// How fast requests may go to one origin: a token bucket, a pause that the server asked for, and a throttled rate.
///
/// The limit belongs to the key, not to one job, so a 429 to one request pauses all. After the pause requests go slower
/// than before, and the rate grows again: see ``ThrottledRate`` for how it finds a limit that is not documented, and
/// shares it with other copies of this program.
struct OriginPace: Sendable {
    /// What the user allows, requests a second.
    private let rate: Double?
    /// What the server seems to allow; nil before its first refusal.
    private var throttled: ThrottledRate?
    private var tokens: Double = 1
    private var refilled: Duration = .zero
    /// The last request that asked has to wait for a token: the pace in force is what holds requests back.
    private var isWaiting = false
    /// Nothing is admitted before; a moment that has passed means no pause.
    private(set) var pausedUntil: Duration = .zero
    /// Answers since `counted`, to know the rate that was allowed.
    private var answers = 0
    private var counted: Duration = .zero

    init(rate: Double? = nil) {
        self.rate = rate
    }

    /// The most tokens that are saved: those of a tenth of a second, so that a late wake-up loses nothing.
    private static func capacity(at pace: Double) -> Double { max(1, pace / 10) }

    /// The rate that the server seems to allow, requests a second; nil before its first refusal.
    var throttledRate: Double? { throttled?.value }

    /// The pace in force, requests a second; nil when nothing limits it.
    var limit: Double? {
        switch (rate, throttledRate) {
        case (let rate?, let throttled?): min(rate, throttled)
        case (let rate?, nil): rate
        case (nil, let throttled): throttled
        }
    }

    /// Admits one request now and returns nil, or returns when to ask again.
    ///
    /// A probe goes out as soon as its pause is over: only what the user allows can hold it back.
    mutating func admit(at now: Duration, isProbe: Bool = false) -> Duration? {
        guard now >= pausedUntil else { return pausedUntil }
        refill(at: now)
        if let limit = isProbe ? rate : limit {
            guard tokens >= 1 else {
                isWaiting = true
                return now + max(.milliseconds(1), .seconds((1 - tokens) / limit))
            }
            tokens -= 1
            isWaiting = false
        }
        return nil
    }

    /// Notes that a request was answered, whatever the answer was, and not refused.
    mutating func answered() { answers += 1 }

    /// Slows down after a refusal: nothing before `resume`, and then a lower rate.
    ///
    /// The first rate follows from what was answered until now. A later one is cut; if no request waited for it, it was
    /// not used to the full, and what was used is cut. Refusals of requests that were under way when the pause began only
    /// lengthen it: they tell nothing new.
    mutating func throttle(at now: Duration, until resume: Duration) {
        if now >= pausedUntil {
            refill(at: now)
            let span = max(now - counted, .milliseconds(100)) / .seconds(1)
            if throttled == nil {
                throttled = ThrottledRate(answered: min(Double(answers) / span, limit ?? .infinity))
            } else {
                if !isWaiting { throttled?.lower(to: Self.slack * Double(answers + 1) / span) }
                throttled?.cut()
            }
            tokens = 1
        }
        pausedUntil = max(pausedUntil, resume)
        refilled = max(refilled, pausedUntil)
        answers = 0
        counted = pausedUntil
    }

    /// Admits nothing before `resume`; the pace stays as it is.
    mutating func pause(until resume: Duration) {
        pausedUntil = max(pausedUntil, resume)
    }

    /// Begins anew at the pace that it has: what passed in a pause was no quiet time, and nothing was saved up in it.
    mutating func resume(at now: Duration) {
        pausedUntil = min(pausedUntil, now)
        tokens = 1
        refilled = now
        answers = 0
        counted = now
    }

    private mutating func refill(at now: Duration) {
        guard now > refilled else { return }
        let span = (now - refilled) / .seconds(1)
        refilled = now
        if let limit {
            tokens = min(Self.capacity(at: limit), tokens + span * limit)
        }
        if isWaiting {
            throttled?.grow(for: span)
            if let throttledRate, throttledRate > Self.unlimited { throttled = nil }
        }
        // The rate is that of the last seconds, not of the whole night.
        if now - counted > .seconds(2) {
            let span = (now - counted) / .seconds(1)
            answers = Int((Double(answers) / span).rounded())
            counted = now - .seconds(1)
        }
    }

    /// Answers of a second or two tell the rate only so far: it is taken to be as much higher.
    private static let slack = 1.5
    /// A pace beyond what any run reaches is no limit.
    private static let unlimited = 100_000.0
}
