import Records

/// How a histogram is told.
struct HistogramPlot {
    let id: String
    let title: String
    /// What is measured, for the axis below: `Time`.
    let label: String
    /// `s`; empty for plain numbers.
    let unit: String
    /// What is counted, one of it: `image`.
    let counted: String
    let caption: String
    /// One value as a person reads it; nil for a number with the unit.
    var spelled: ((Double) -> String)?

    func plot(_ histogram: Histogram) -> Plot {
        var rows = histogram.counts.enumerated().map { [range($0, of: histogram), Quantity.count($1)] }
        if histogram.beyond > 0 { rows.append([beyond(histogram), Quantity.count(histogram.beyond)]) }
        rows.append(["Median", measured(histogram.median)])
        rows.append(["95th percentile", measured(histogram.percentile95)])
        rows.append(["Largest", measured(histogram.largest)])
        return Plot(
            id: id, title: title, drawing: drawing(histogram), caption: caption, columns: [axisLabel, countLabel],
            rows: rows)
    }

    private var axisLabel: String { unit.isEmpty ? label : "\(label) (\(unit))" }
    private var countLabel: String { counted.prefix(1).uppercased() + counted.dropFirst() + "s" }

    private func drawing(_ histogram: Histogram) -> [UInt8] {
        var drawing = SVGDrawing(label: title, linesAbove: 2)
        let most = max(histogram.counts.max() ?? 0, histogram.beyond)
        let ticks = Plot.countTicks(to: Double(most))
        let vertical = drawing.verticalAxis(ticks: ticks, label: countLabel)
        // What lies beyond has a place of its own, a little apart.
        let extra = histogram.beyond > 0 ? 1.5 * histogram.step : 0
        let horizontal = drawing.horizontal(histogram.start...(histogram.end + extra))
        for (index, count) in histogram.counts.enumerated() where count > 0 {
            let left = histogram.start + Double(index) * histogram.step
            drawing.bar(
                "value", from: horizontal(left) + 0.5, to: horizontal(left + histogram.step) - 0.5,
                top: vertical(Double(count)), bottom: vertical(0),
                title: "\(range(index, of: histogram)): \(Quantity.counted(count, counted))")
        }
        if histogram.beyond > 0 {
            drawing.bar(
                "value beyond", from: horizontal(histogram.end + histogram.step / 2) + 0.5, to: drawing.area.right,
                top: vertical(Double(histogram.beyond)), bottom: vertical(0),
                title: "\(beyond(histogram)): \(Quantity.counted(histogram.beyond, counted))")
        }
        for mark in marks(histogram) {
            let x = horizontal(histogram.isWhole ? min(mark.value, histogram.end) + 0.5 : mark.value)
            drawing.mark(mark.className, mark.text, at: x, line: mark.line, mark.side)
        }
        drawing.horizontalAxis(
            ticks: self.ticks(histogram).map { (horizontal($0.place), $0.text) },
            label: axisLabel)
        return drawing.finished
    }

    /// A line through the bars, and what is written beside its upper end.
    private struct Mark {
        let className: String
        let text: String
        let value: Double
        /// Which of the lines of text above the bars.
        let line: Int
        let side: SVGDrawing.Side
    }

    /// Each stands on a line of its own, and begins there, so that none crosses the text of another.
    private func marks(_ histogram: Histogram) -> [Mark] {
        let (median, percentile) = (measured(histogram.median), measured(histogram.percentile95))
        let place = { (value: Double) in (value - histogram.start) / (histogram.end - histogram.start) }
        guard median != percentile else {
            return [
                Mark(
                    className: "median", text: "median and 95th percentile \(median)", value: histogram.median, line: 1,
                    side: place(histogram.median) < 0.5 ? .right : .left)
            ]
        }
        let isFarRight = place(histogram.percentile95) > 0.5
        return [
            Mark(
                className: "median", text: "median \(median)", value: histogram.median, line: isFarRight ? 1 : 0,
                side: place(histogram.median) > 0.3 && isFarRight ? .left : .right),
            Mark(
                className: "p95", text: "95th percentile \(percentile)", value: histogram.percentile95,
                line: isFarRight ? 0 : 1, side: isFarRight ? .left : .right),
        ]
    }

    private func ticks(_ histogram: Histogram) -> [(place: Double, text: String)] {
        let length = histogram.end - histogram.start
        guard histogram.isWhole else {
            let step = NiceNumbers.step(for: length, atMost: 5)
            return (0...5).map { Double($0) * step }.filter { $0 <= histogram.end + step / 1000 }
                .map { ($0, Plot.axisNumber($0)) }
        }
        // A whole number stands below the middle of its bar, or of its part of one.
        let step = NiceNumbers.wholeStep(for: length, atMost: 5)
        return (0...5).map { step == 1 ? histogram.start + Double($0) : Double($0) * step }
            .filter { (histogram.start..<histogram.end).contains($0) }.map { ($0 + 0.5, Plot.axisNumber($0)) }
    }

    private func range(_ index: Int, of histogram: Histogram) -> String {
        let low = histogram.start + Double(index) * histogram.step
        if histogram.isWhole {
            let high = low + histogram.step - 1
            return low == high ? Plot.axisNumber(low) : "\(Plot.axisNumber(low))–\(Plot.axisNumber(high))"
        }
        return "\(Plot.axisNumber(low))–\(withUnit(Plot.axisNumber(low + histogram.step)))"
    }

    private func beyond(_ histogram: Histogram) -> String {
        histogram.isWhole
            ? "\(Plot.axisNumber(histogram.end)) or more" : "over \(withUnit(Plot.axisNumber(histogram.end)))"
    }

    /// Three digits tell enough.
    private func measured(_ value: Double) -> String {
        if let spelled { return spelled(value) }
        let decimals: Double = value >= 100 ? 1 : value >= 10 ? 10 : 100
        return withUnit(Plot.axisNumber((value * decimals).rounded() / decimals))
    }

    private func withUnit(_ number: String) -> String { unit.isEmpty ? number : "\(number) \(unit)" }
}
