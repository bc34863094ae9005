import FetchCore
import Records

/// What the page tells of a night beside its totals, taken in record by record.
struct NightFigures {
    /// Nil without a record that a run wrote.
    private(set) var bins: TimeBins?
    private(set) var groups = FailureGroups()
    private(set) var facts = RerunFacts()
    /// How long the API took, in milliseconds. Of a million records each takes 4 bytes.
    private var waits: [Float] = []
    /// Images whose record does not tell that time, but the whole time of the job.
    private var estimatedWaits = 0
    /// How many jobs were polled so often; few numbers come again and again.
    private var polls: [Int: Int] = [:]
    /// Bytes a second.
    private var speeds: [Float] = []
    /// Records that no run wrote, and that so have no time.
    private var placeholders = 0

    /// Of the records that will be taken in.
    init(of records: some Sequence<CountedRecord>) {
        var count = 0
        var span: ClosedRange<Timestamp>?
        for record in records {
            count += 1
            guard !record.isPlaceholder else { continue }
            let moment = record.finishedAt
            span = min(span?.lowerBound ?? moment, moment)...max(span?.upperBound ?? moment, moment)
        }
        bins = span.map(TimeBins.init)
        waits.reserveCapacity(count)
        speeds.reserveCapacity(count)
    }

    mutating func note(_ record: RecordDetails, isPlaceholder: Bool) {
        if isPlaceholder { placeholders += 1 } else { bins?.note(record.status, at: record.finishedAt) }
        groups.note(record)
        facts.note(record)
        if let waited = record.waited {
            waits.append(Self.milliseconds(waited))
        } else if record.image != nil, let elapsed = record.elapsed {
            waits.append(Self.milliseconds(elapsed))
            estimatedWaits += 1
        }
        if let count = record.polls, count > 0 { polls[count, default: 0] += 1 }
        if let image = record.image, let time = record.downloadTime {
            // Less than a millisecond counts as one.
            speeds.append(Float(image.bytes) / max(1, Self.milliseconds(time)) * 1000)
        }
    }

    private static func milliseconds(_ duration: Duration) -> Float { Float(duration.wholeMilliseconds) }

    var plots: [Plot] { [overTimePlot, waitPlot, pollPlot, speedPlot] }

    private var overTimePlot: Plot {
        guard let bins else {
            let reason = placeholders > 0 ? "No record tells when a job ended." : "There are no records."
            return .empty("over-time", "Records over time", reason)
        }
        return StatusPlot(bins, withoutTime: placeholders).plot
    }

    private var waitPlot: Plot {
        let title = "How long the API took"
        let sorted = waits.sorted()
        let unit = TimeUnit(fitting: .milliseconds(Histogram.top(of: sorted)))
        guard let histogram = Histogram(sorted: sorted, unit: unit.length / .milliseconds(1)) else {
            return .empty("api-time", title, "No record tells that the API has finished a job.")
        }
        let jobs = Quantity.counted(waits.count, "job")
        let estimated =
            estimatedWaits > 0
            ? " Of \(Quantity.counted(estimatedWaits, "job")) it is the whole time: their records tell no other."
            : ""
        return HistogramPlot(
            id: "api-time", title: title, label: "Time", unit: unit.name, counted: "job",
            caption: "From the first poll to the reply that a job is completed, of \(jobs).\(estimated)",
            spelled: { Quantity.time(unit.length * $0) }
        ).plot(histogram)
    }

    private var pollPlot: Plot {
        let each = polls.sorted { $0.key < $1.key }.flatMap { Array(repeating: Float($0.key), count: $0.value) }
        guard let histogram = Histogram(sorted: each, whole: true) else {
            return .empty("polls", "Polls a job", "No job was polled.")
        }
        return HistogramPlot(
            id: "polls", title: "Polls a job", label: "Polls", unit: "", counted: "job",
            caption: "How often the API was asked about a job, of \(Quantity.counted(each.count, "job"))."
        ).plot(histogram)
    }

    private var speedPlot: Plot {
        let sorted = speeds.sorted()
        let top = Histogram.top(of: sorted)
        let (unit, scale): (String, Double) =
            top >= 1e9 ? ("GB/s", 1e9) : top >= 1e6 ? ("MB/s", 1e6) : top >= 1e3 ? ("kB/s", 1e3) : ("B/s", 1)
        guard let histogram = Histogram(sorted: sorted, unit: scale) else {
            return .empty("download-speed", "Download speed", "No record tells how long its download took.")
        }
        return HistogramPlot(
            id: "download-speed", title: "Download speed", label: "Speed", unit: unit, counted: "image",
            caption:
                "An image's bytes by the time from request to last byte, of \(Quantity.counted(speeds.count, "image"))."
        ).plot(histogram)
    }
}
