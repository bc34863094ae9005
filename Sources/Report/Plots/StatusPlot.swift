import FetchCore
import Records

/// When records of which status were written.
struct StatusPlot {
    private let bins: TimeBins
    /// Those that occur.
    private let statuses: [RecordStatus]
    /// Records that have no time.
    private let withoutTime: Int

    init(_ bins: TimeBins, withoutTime: Int = 0) {
        self.bins = bins
        self.withoutTime = withoutTime
        statuses = RecordStatus.allCases.filter { status in bins.counts.contains { $0[status] != nil } }
    }

    var plot: Plot {
        let used = bins.counts.indices.filter { !bins.counts[$0].isEmpty }
        return Plot(
            id: "over-time", title: "Records over time", drawing: drawing, caption: caption, legend: statuses,
            columns: ["From (UTC)"] + statuses.map(\.rawValue),
            rows: used.map { index in
                [start(index)] + statuses.map { Quantity.count(bins.counts[index][$0, default: 0]) }
            })
    }

    private var caption: String {
        let bar = "When jobs ended; a bar is \(Quantity.wholeTime(.milliseconds(bins.width))). Times are in UTC."
        guard withoutTime > 0 else { return bar }
        return "\(bar) \(Quantity.counted(withoutTime, "job")) that no run recorded "
            + (withoutTime == 1 ? "has no time." : "have no time.")
    }

    private func start(_ index: Int) -> String {
        let moment = bins.moment(index)
        guard bins.width < NiceTimes.day else { return MomentText.day(moment) }
        return "\(MomentText.day(moment)) \(MomentText.mark(moment, step: bins.width))"
    }

    private var drawing: [UInt8] {
        var drawing = SVGDrawing(label: "Records over time")
        let most = bins.counts.map { $0.values.reduce(0, +) }.max() ?? 0
        let vertical = drawing.verticalAxis(ticks: Plot.countTicks(to: Double(most)), label: "Records")
        let horizontal = drawing.horizontal(Double(bins.start)...Double(bins.end))
        for (index, counts) in bins.counts.enumerated() where !counts.isEmpty {
            let (left, right) = (bins.start + index * bins.width, bins.start + (index + 1) * bins.width)
            let title = title(index)
            var below = 0
            for status in statuses {
                guard let count = counts[status] else { continue }
                drawing.bar(
                    status.rawValue, from: horizontal(Double(left)) + 0.5, to: horizontal(Double(right)) - 0.5,
                    top: vertical(Double(below + count)), bottom: vertical(Double(below)), title: title)
                below += count
            }
        }
        let step = NiceTimes.step(for: bins.end - bins.start, atMost: 7)
        let first = bins.start + (step - bins.start % step) % step
        drawing.horizontalAxis(
            ticks: stride(from: first, through: bins.end, by: step).map {
                (horizontal(Double($0)), MomentText.mark(Timestamp(milliseconds: Int64($0)), step: step))
            }, label: "Time (UTC), \(days)")
        return drawing.finished
    }

    private var days: String {
        let (first, last) = (MomentText.day(bins.moment(0)), MomentText.day(bins.moment(bins.counts.count)))
        return first == last ? first : "\(first) to \(last)"
    }

    private func title(_ index: Int) -> String {
        let (start, end) = (bins.moment(index), bins.moment(index + 1))
        let range =
            bins.width < NiceTimes.day
            ? "\(MomentText.mark(start, step: bins.width))–\(MomentText.mark(end, step: bins.width))"
            : "from \(MomentText.day(start))"
        let parts = statuses.compactMap { status in
            bins.counts[index][status].map { "\(Quantity.count($0)) \(status.rawValue)" }
        }
        return "\(range): \(parts.joined(separator: ", "))"
    }
}
