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

    /// Of ascending values in the unit of the plot, which is so many of theirs; nil without a value. Whole values, from 1
    /// on, get bins that hold whole numbers.
    init?(sorted: [Float], unit: Double = 1, whole: Bool = false, atMost bins: Int = 24) {
        guard let last = sorted.last else { return nil }
        (median, percentile95) = (Self.percentile(50, of: sorted) / unit, Self.percentile(95, of: sorted) / unit)
        largest = Double(last) / unit
        isWhole = whole
        start = whole ? 1 : 0
        let top = Self.top(of: sorted) / unit
        let length = whole ? max(1, top - start + 1) : top
        step = whole ? NiceNumbers.wholeStep(for: length, atMost: bins) : NiceNumbers.step(for: length, atMost: bins)
        let count = max(1, Int((length / step - 1e-9).rounded(.up)))
        var (counts, beyond) = (Array(repeating: 0, count: count), 0)
        let end = start + Double(count) * step
        for value in sorted {
            let value = Double(value) / unit
            if value > end || whole && value >= end {
                beyond += 1
            } else {
                counts[min(max(0, Int((value - start) / step)), count - 1)] += 1
            }
        }
        (self.counts, self.beyond) = (counts, beyond)
    }

    /// Up to where a plot of ascending values goes: to the largest, unless that is far out.
    static func top(of sorted: [Float]) -> Double {
        let (usual, largest) = (percentile(99, of: sorted), Double(sorted.last ?? 0))
        return largest <= 1.25 * usual ? largest : usual
    }

    /// The least value that so many percent are not above.
    private static func percentile(_ percent: Int, of sorted: [Float]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[max(0, (sorted.count * percent + 99) / 100 - 1)])
    }
}
