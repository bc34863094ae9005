/// Exponential back-off with full jitter: how long to wait before another attempt after a transient fault.
///
/// The wait before attempt n is drawn evenly from zero to `base` · 2ⁿ⁻¹, at most `longest`. Full jitter spreads the
/// attempts of many jobs that failed together; see Brooker, "Exponential Backoff and Jitter".
public struct BackOff: Sendable, Equatable {
    public let base: Duration
    public let longest: Duration

    public init(base: Duration, longest: Duration) {
        self.base = base
        self.longest = longest
    }

    /// The wait after the given number of failures in a row, from 1; `jitter` is drawn evenly from 0..<1.
    public func delay(afterFailures failures: Int, jitter: Double) -> Duration {
        limit(afterFailures: failures) * jitter
    }

    /// The longest that wait can be.
    func limit(afterFailures failures: Int) -> Duration {
        // 2^20 times any base is beyond any sensible limit, and further doubling would overflow.
        let doublings = min(max(failures, 1) - 1, 20)
        return min(longest, base * (1 << doublings))
    }
}
