/// A limit on how often something may happen: so many at once, refilled at a steady rate.
struct TokenBucket: Sendable {
    private let rate: Double
    private let burst: Double
    private var tokens: Double
    private var filledAt: Double = 0

    /// Starts full; `rate` is in tokens a second.
    init(rate: Double, burst: Double) {
        self.rate = rate
        self.burst = burst
        tokens = burst
    }

    /// Takes a token if there is one, at a time in seconds that never goes back.
    mutating func take(at time: Double) -> Bool {
        tokens = min(burst, tokens + max(0, time - filledAt) * rate)
        filledAt = max(filledAt, time)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
