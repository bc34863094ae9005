/// How fast requests may go to one origin: a token bucket, a pause that the server asked for, and a throttled rate.
///
/// The limit belongs to the key, not to one job, so a 429 to one request pauses all. After the pause requests go at half
/// the speed that was too much, and each second without a refusal allows a few more. This is the additive increase and
/// multiplicative decrease of TCP (RFC 5681): it finds a limit that is not documented, and shares it with other programs.
struct OriginPace: Sendable {
    /// What the user allows, requests a second.
    private let rate: Double?
    /// The rate that the server seems to allow, requests a second; nil before its first refusal.
    private(set) var throttledRate: Double?
    private var tokens: Double = 1
    private var refilled: Duration = .zero
    /// Nothing is admitted before; a moment that has passed means no pause.
    private(set) var pausedUntil: Duration = .zero
    /// Admissions since `counted`, to know the speed that was too much.
    private var admitted = 0
    private var counted: Duration = .zero

    init(rate: Double? = nil) {
        self.rate = rate
    }

    /// How much the throttled rate grows in a second without a refusal: by `least` requests a second, or by this `part` of
    /// the rate if that is more.
    private static let growth = (least: 2.0, part: 0.05)
    /// No server's limit for a paying customer is below one request a second.
    private static let slowest = 1.0
    /// The most tokens that are saved: those of a tenth of a second, so that a late wake-up loses nothing.
    private static func capacity(at pace: Double) -> Double { max(1, pace / 10) }

    /// The pace in force, requests a second; nil when nothing limits it.
    var limit: Double? {
        switch (rate, throttledRate) {
        case (let rate?, let throttled?): min(rate, throttled)
        case (let rate?, nil): rate
        case (nil, let throttled): throttled
        }
    }

    /// Admits one request now and returns nil, or returns when to ask again.
    mutating func admit(at now: Duration) -> Duration? {
        guard now >= pausedUntil else { return pausedUntil }
        refill(at: now)
        if let limit {
            guard tokens >= 1 else {
                return now + max(.milliseconds(1), .seconds((1 - tokens) / limit))
            }
            tokens -= 1
        }
        admitted += 1
        return nil
    }

    /// Slows down after a refusal: nothing before `resume`, then half the pace that was too much.
    ///
    /// Refusals of requests that were under way when the pause began only lengthen it: they tell nothing new.
    mutating func throttle(at now: Duration, until resume: Duration) {
        if now >= pausedUntil {
            let span = max(now - counted, .milliseconds(100)) / .seconds(1)
            let speed = Double(admitted) / span
            throttledRate = max(Self.slowest, min(speed, limit ?? .infinity) / 2)
            tokens = 1
        }
        pausedUntil = max(pausedUntil, resume)
        refilled = max(refilled, pausedUntil)
        admitted = 0
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
        admitted = 0
        counted = now
    }

    private mutating func refill(at now: Duration) {
        guard now > refilled else { return }
        let span = (now - refilled) / .seconds(1)
        refilled = now
        if let limit {
            tokens = min(Self.capacity(at: limit), tokens + span * limit)
        }
        if let pace = throttledRate {
            let grown = pace + span * max(Self.growth.least, pace * Self.growth.part)
            throttledRate = grown > Self.unlimited ? nil : grown
        }
        // The speed is that of the last seconds, not of the whole night.
        if now - counted > .seconds(2) {
            let span = (now - counted) / .seconds(1)
            admitted = Int((Double(admitted) / span).rounded())
            counted = now - .seconds(1)
        }
    }

    /// A pace beyond what any run reaches is no limit.
    private static let unlimited = 100_000.0
}
