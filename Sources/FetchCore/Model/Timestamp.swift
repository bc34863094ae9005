/// A moment of the wall clock, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// It is only ever written down. What the program decides, it decides by monotonic time, so that a clock set an hour
/// forward or back changes stamps and nothing else.
public struct Timestamp: Sendable, Hashable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    public static func + (moment: Timestamp, interval: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds + interval.wholeMilliseconds)
    }
}

extension Duration {
    /// The length in whole milliseconds, rounded down; enormous lengths stop at the limit of 64 bits.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return scaled + attoseconds / 1_000_000_000_000_000
    }
}
