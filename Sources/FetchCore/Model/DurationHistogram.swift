/// How many durations were how long: counts by upper bound, and the sum, as Prometheus has them.
///
/// Durations count in whole milliseconds, as records have them: so what is counted while a run goes on is the same as
/// what is counted from its records later.
public struct DurationHistogram: Sendable, Equatable {
    /// The upper bounds of the buckets, ascending. A duration that equals one belongs to its bucket.
    public let bounds: [Duration]
    /// How many fall into each bucket and into none before it; the last count is of those beyond all bounds.
    private var counts: [Int]
    /// Of all durations.
    public private(set) var sum: Duration = .zero

    public init(upTo bounds: [Duration]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many durations there are.
    public var count: Int { counts.reduce(0, +) }

    /// For each bound, how many durations are no longer.
    public var cumulativeCounts: [Int] {
        var total = 0
        return counts.dropLast().map { count in
            total += count
            return total
        }
    }

    public mutating func add(_ duration: Duration) {
        let duration = Duration.milliseconds(duration.wholeMilliseconds)
        counts[bounds.firstIndex { duration <= $0 } ?? bounds.count] += 1
        sum += duration
    }
}
