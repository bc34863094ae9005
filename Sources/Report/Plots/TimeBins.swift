import FetchCore

/// How many records of each status ended in each of some equal parts of a time.
struct TimeBins {
    /// Milliseconds since 1970 at which the first bin begins: a multiple of the width.
    let start: Int
    /// In milliseconds.
    let width: Int
    private(set) var counts: [[RecordStatus: Int]]

    /// More are too narrow to be pointed at.
    static let most = 48

    init(over span: ClosedRange<Timestamp>) {
        let (first, last) = (Int(span.lowerBound.milliseconds), Int(span.upperBound.milliseconds))
        width = NiceTimes.step(for: last - first, atMost: Self.most)
        let remainder = first % width
        start = first - remainder - (remainder < 0 ? width : 0)
        counts = Array(repeating: [:], count: (last - start) / width + 1)
    }

    /// A moment outside the span counts in the nearest bin.
    mutating func note(_ status: RecordStatus, at moment: Timestamp) {
        let index = (Int(moment.milliseconds) - start) / width
        counts[min(max(0, index), counts.count - 1)][status, default: 0] += 1
    }

    /// When a bin begins; that of the number of bins is when the last one ends.
    func moment(_ index: Int) -> Timestamp { Timestamp(milliseconds: Int64(start + index * width)) }

    var end: Int { start + counts.count * width }
}
