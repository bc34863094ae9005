import FetchCore
import Records

/// The nights before this one, and this one: one plot for each measure, all with the same nights below.
struct HistoryPlots {
    private let nights: [PastSummary]
    private let hasTonight: Bool
    private let labels: [String]

    /// More are too narrow to be pointed at.
    static let mostNights = 60

    /// `tonight` is the night that the page is about; nil if nothing is known of it.
    init(_ before: [PastSummary], tonight: PastSummary?) {
        nights = before + [tonight].compactMap(\.self)
        hasTonight = tonight != nil
        let days = nights.map { MomentText.day($0.startedAt) }
        // Two runs of one day are told apart by their time.
        labels = zip(nights, days).map { night, day in
            days.count(where: { $0 == day }) > 1 ? MomentText.minute(night.startedAt) : day
        }
    }

    var plots: [Plot] {
        let longest = nights.map(\.elapsed).max() ?? .zero
        let time = TimeUnit(fitting: longest)
        return [
            plot("images", "Images each night", "Images", whole: true) { Double($0.images) },
            plot("failures", "Failures each night", "Failures", className: "failed", whole: true) {
                Double($0.failures)
            },
            plot("duration", "Duration of each night", "Time (\(time.name))", unit: time.name) {
                $0.elapsed / time.length
            },
            plot("credits", "Credits each night", "Credits") { $0.creditsUsed },
        ]
    }

    private func plot(
        _ name: String, _ title: String, _ label: String, className: String = "value", unit: String = "",
        whole: Bool = false, _ value: (PastSummary) -> Double?
    ) -> Plot {
        let values = nights.map(value)
        let spelled = values.map { value in
            value.map { unit.isEmpty ? Quantity.number($0) : "\(Quantity.number($0)) \(unit)" } ?? "not known"
        }
        return Plot(
            id: "history-\(name)", title: title,
            drawing: drawing(title, label, className, whole: whole, values, spelled),
            caption: hasTonight ? "The last bar is this night. Days are in UTC." : "Days are in UTC.",
            columns: ["Night (UTC)", label], rows: zip(labels, spelled).map { [$0, $1] })
    }

    private func drawing(
        _ title: String, _ label: String, _ className: String, whole: Bool, _ values: [Double?], _ spelled: [String]
    ) -> [UInt8] {
        var drawing = SVGDrawing(label: title)
        let (vertical, ticks) = Plot.countAxis(to: values.compactMap(\.self).max() ?? 0, whole: whole)
        drawing.verticalAxis(vertical, ticks: ticks, label: label)
        let horizontal = AxisScale.horizontal(0...Double(values.count))
        let gap = (horizontal(1) - horizontal(0)) * 0.1
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            drawing.bar(
                hasTonight && index == values.count - 1 ? "\(className) latest" : className,
                from: horizontal(Double(index)) + gap,
                to: horizontal(Double(index + 1)) - gap, top: vertical(value), bottom: vertical(0),
                title: "\(labels[index]): \(spelled[index])")
        }
        let step = Int(NiceNumbers.wholeStep(for: Double(values.count), atMost: 5))
        // The last night always has its mark.
        let marked = stride(from: values.count - 1, through: 0, by: -step).reversed()
        drawing.horizontalAxis(
            ticks: marked.map { (horizontal(Double($0) + 0.5), MomentText.shortDay(nights[$0].startedAt)) },
            label: "Night (UTC)")
        return drawing.finished
    }
}

/// A unit in which a length of time is a number that a person can read.
struct TimeUnit {
    let name: String
    let length: Duration

    init(fitting duration: Duration) {
        (name, length) =
            switch duration {
            case ..<(.seconds(1)): ("ms", .milliseconds(1))
            case ..<(.seconds(180)): ("s", .seconds(1))
            case ..<(.seconds(3 * 3600)): ("min", .seconds(60))
            default: ("h", .seconds(3600))
            }
    }
}
