import FetchCore
import Glibc

/// Steps of axes and bins that a person counts in: 1, 2 and 5 of each power of ten.
enum NiceNumbers {
    /// The least such step of which not more than `count` make up a length above 0.
    static func step(for length: Double, atMost count: Int) -> Double {
        let least = length / Double(max(count, 1))
        guard least > 0, least.isFinite else { return 1 }
        let power = Glibc.pow(10, log10(least).rounded(.down))
        // What division and logarithm round off does not make a step too small.
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
    }

    /// The same among whole numbers.
    static func wholeStep(for length: Double, atMost count: Int) -> Double {
        max(1, step(for: length, atMost: count))
    }

    /// From 0 in such steps to the first one that is not below `most`; at most `count` of them after 0.
    static func ticks(to most: Double, atMost count: Int, whole: Bool = false) -> [Double] {
        guard most > 0, most.isFinite else { return [0, 1] }
        let step = whole ? wholeStep(for: most, atMost: count) : step(for: most, atMost: count)
        let last = Int((most / step - 1e-9).rounded(.up))
        return (0...max(1, last)).map { Double($0) * step }
    }
}

/// Steps of time that a person counts in.
enum NiceTimes {
    private static let second = 1000
    private static let minute = 60 * second
    private static let hour = 60 * minute
    static let day = 24 * hour

    private static let steps =
        [1, 2, 5, 10, 30].map { $0 * second } + [1, 2, 5, 10, 30].map { $0 * minute }
        + [1, 2, 3, 6, 12].map { $0 * hour } + [1, 2, 7, 30, 90, 365].map { $0 * day }

    /// In milliseconds: the least step of which not more than `count` cover a length, wherever it begins.
    static func step(for milliseconds: Int, atMost count: Int) -> Int {
        let fits = { (step: Int) in milliseconds / step + 2 <= count }
        if let step = steps.first(where: fits) { return step }
        var step = 365 * day
        while !fits(step) { step *= 10 }
        return step
    }
}
