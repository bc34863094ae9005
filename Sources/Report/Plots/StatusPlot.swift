import FetchCore
import Records

/// When records of which status were written.
enum StatusPlot {
    static func plot(_ bins: TimeBins) -> Plot {
        let statuses = RecordStatus.allCases.filter { status in bins.counts.contains { $0[status] != nil } }
        let span = bins.moment(0)...bins.moment(bins.counts.count)
        let used = bins.counts.indices.filter { !bins.counts[$0].isEmpty }
        return Plot(
            id: "over-time", title: "Records over time", drawing: drawing(bins, statuses),
            caption: "When jobs ended; a bar is \(Quantity.wholeTime(.milliseconds(bins.width))). Times are in UTC.",
            columns: ["From (UTC)"] + statuses.map(\.rawValue),
            rows: used.map { index in
                [start(index, of: bins, within: span)]
                    + statuses.map { Quantity.count(bins.counts[index][$0, default: 0]) }
            })
    }

    private static func start(_ index: Int, of bins: TimeBins, within span: ClosedRange<Timestamp>) -> String {
        let moment = bins.moment(index)
        guard bins.width < NiceTimes.day else { return MomentText.day(moment) }
        return "\(MomentText.day(moment)) \(MomentText.mark(moment, step: bins.width))"
    }

    private static func drawing(_ bins: TimeBins, _ statuses: [RecordStatus]) -> [UInt8] {
        var drawing = SVGDrawing(label: "Records over time")
        let most = bins.counts.map { $0.values.reduce(0, +) }.max() ?? 0
        let (vertical, ticks) = Plot.countAxis(to: Double(most))
        drawing.verticalAxis(vertical, ticks: ticks, label: "Records")
        let horizontal = AxisScale.horizontal(Double(bins.start)...Double(bins.end))
        for (index, counts) in bins.counts.enumerated() where !counts.isEmpty {
            let (left, right) = (bins.start + index * bins.width, bins.start + (index + 1) * bins.width)
            let title = title(index, of: bins, statuses)
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
            }, label: "Time (UTC), \(days(bins))")
        return drawing.finished
    }

    private static func days(_ bins: TimeBins) -> String {
        let (first, last) = (MomentText.day(bins.moment(0)), MomentText.day(bins.moment(bins.counts.count)))
        return first == last ? first : "\(first) to \(last)"
    }

    private static func title(_ index: Int, of bins: TimeBins, _ statuses: [RecordStatus]) -> String {
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
