/// How many of many values lie in each of some bins of equal width.
///
/// A few values far beyond all others would leave a plot empty but for its beginning, so those beyond the bins are counted
/// together.
struct Histogram {
    /// Where the first bin begins.
    let start: Double
    /// The width of a bin.
    let step: Double
    let counts: [Int]
    /// How many values lie beyond the last bin.
    let beyond: Int
    let median: Double
    /// 95 % of the values are not above it.
    let percentile95: Double
    let largest: Double
    let isWhole: Bool

    /// Where the last bin ends.
    var end: Double { start + Double(counts.count) * step }

    /// Nil without a value. Whole values, from 1 on, get bins that hold whole numbers.
    init?(_ values: [Float], whole: Bool = false, atMost bins: Int = 24) {
        let sorted = values.sorted()
        guard let last = sorted.last else { return nil }
        /// The least value that so many percent are not above.
        func percentile(_ percent: Int) -> Double {
            Double(sorted[max(0, (sorted.count * percent + 99) / 100 - 1)])
        }
        (median, percentile95, largest) = (percentile(50), percentile(95), Double(last))
        isWhole = whole
        start = whole ? 1 : 0
        // Up to the largest value, unless that is far out.
        let usual = percentile(99)
        let top = largest <= 1.25 * usual ? largest : usual
        let length = whole ? max(1, top - start + 1) : top
        step = whole ? NiceNumbers.wholeStep(for: length, atMost: bins) : NiceNumbers.step(for: length, atMost: bins)
        let count = max(1, Int((length / step - 1e-9).rounded(.up)))
        var (counts, beyond) = (Array(repeating: 0, count: count), 0)
        let end = start + Double(count) * step
        for value in sorted {
            let value = Double(value)
            if value > end || whole && value >= end {
                beyond += 1
            } else {
                counts[min(max(0, Int((value - start) / step)), count - 1)] += 1
            }
        }
        (self.counts, self.beyond) = (counts, beyond)
    }
}
