import FetchCore
import Records

/// All that a page tells of a night, read once from its records.
struct Night {
    let totals: RunSummary
    let figures: NightFigures
    /// From the beginning of the first job to the end of the last; nil without a record that a run wrote.
    let span: ClosedRange<Timestamp>?
    /// Which records the page holds; asked for none yet.
    let selection: RecordSelection
    /// How many these are.
    let shown: Int
    let leftOut: Int
    /// An image of them is named from the root.
    let namesImagesFromRoot: Bool

    init(of merge: inout ResultsMerge, _ limits: RecordSelection.Limits) throws(MergeError) {
        selection = RecordSelection(from: merge.countedRecords, limits: limits)
        var figures = NightFigures(of: merge.countedRecords)
        var trial = selection
        var namesImagesFromRoot = false
        totals = try merge.visitDetails { record, details in
            figures.note(details, isPlaceholder: record.isPlaceholder)
            if trial.takes(record), details.image?.path.utf8.first == UInt8(ascii: "/") { namesImagesFromRoot = true }
        }
        self.figures = figures
        self.namesImagesFromRoot = namesImagesFromRoot
        (shown, leftOut) = (trial.taken, trial.leftOut)
        span = merge.span
    }

    /// The night as its summary would tell it to later ones; nil without a time.
    var asPast: PastSummary? {
        span.map { span in
            PastSummary(
                startedAt: span.lowerBound, finishedAt: span.upperBound, images: totals.count(of: .downloaded),
                failures: [.pending, .failed, .invalid].reduce(0) { $0 + totals.count(of: $1) },
                elapsed: .milliseconds(span.upperBound.milliseconds - span.lowerBound.milliseconds),
                creditsUsed: totals.creditsUsed)
        }
    }
}
