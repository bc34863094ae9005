import FetchCore
import Records

/// The nights before this one, and this one: one plot for each measure, all with the same nights below.
struct HistoryPlots {
    private let nights: [PastSummary]
    private let hasTonight: Bool
    private let labels: [String]
    /// The labels below the bars: those of several nights of one day have their time.
    private let marks: [String]

    /// More are too narrow to be pointed at.
    static let mostNights = 60

    /// `tonight` is the night that the page is about; nil if nothing is known of it.
    init(_ before: [PastSummary], tonight: PastSummary?) {
        nights = before + [tonight].compactMap(\.self)
        hasTonight = tonight != nil
        let days = nights.map { MomentText.day($0.startedAt) }
        let minutes = nights.map { MomentText.minute($0.startedAt) }
        // Runs of one day are told apart by their time, and shards by its seconds.
        labels = zip(nights, zip(days, minutes)).map { night, text in
            guard days.count(where: { $0 == text.0 }) > 1 else { return text.0 }
            return minutes.count(where: { $0 == text.1 }) > 1 ? MomentText.second(night.startedAt) : text.1
        }
        // The year stands in the table.
        marks = labels.map { String($0.dropFirst(5)) }
    }

    var plots: [Plot] {
        let longest = nights.map(\.elapsed).max() ?? .zero
        let time = TimeUnit(fitting: longest)
        return [
            plot("images", "Images each night", "Images", whole: true, caption: caption) { Double($0.images) },
            plot("failures", "Failures each night", "Failures", className: "failed", whole: true) {
                Double($0.failures)
            },
            plot(
                "duration", "Duration of each night", "Time (\(time.name))",
                spelled: { Quantity.time(time.length * $0) }
            ) { $0.elapsed / time.length },
            plot("credits", "Credits each night", "Credits") { $0.creditsUsed },
        ]
    }

    /// It is for all of them and stands below the first.
    private var caption: String {
        hasTonight
            ? "The nights before are paler; the last bar, in full colour, is this night. Days are in UTC."
            : "Days are in UTC."
    }

    private func plot(
        _ name: String, _ title: String, _ label: String, className: String = "value", whole: Bool = false,
        caption: String = "", spelled spell: (Double) -> String = Quantity.number, _ value: (PastSummary) -> Double?
    ) -> Plot {
        let values = nights.map(value)
        let spelled = values.map { $0.map(spell) ?? "not known" }
        return Plot(
            id: "history-\(name)", title: title,
            drawing: drawing(title, label, className, whole: whole, values, spelled),
            caption: caption,
            columns: ["Night (UTC)", label], rows: zip(labels, spelled).map { [$0, $1] })
    }

    private func drawing(
        _ title: String, _ label: String, _ className: String, whole: Bool, _ values: [Double?], _ spelled: [String]
    ) -> [UInt8] {
        var drawing = SVGDrawing(label: title)
        let ticks = Plot.countTicks(to: values.compactMap(\.self).max() ?? 0, whole: whole)
        let vertical = drawing.verticalAxis(ticks: ticks, label: label)
        let horizontal = drawing.horizontal(0...Double(values.count))
        let gap = (horizontal(1) - horizontal(0)) * 0.1
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            drawing.bar(
                hasTonight && index == values.count - 1 ? "\(className) latest" : "\(className) before",
                from: horizontal(Double(index)) + gap,
                to: horizontal(Double(index + 1)) - gap, top: vertical(value), bottom: vertical(0),
                title: "\(labels[index]): \(spelled[index])")
        }
        let hasTimes = marks.contains { $0.utf8.count > 5 }
        let step = Int(NiceNumbers.wholeStep(for: Double(values.count), atMost: hasTimes ? 4 : 5))
        // The last night always has its mark.
        let marked = stride(from: values.count - 1, through: 0, by: -step).reversed()
        drawing.horizontalAxis(
            ticks: marked.map { (horizontal(Double($0) + 0.5), marks[$0]) },
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
