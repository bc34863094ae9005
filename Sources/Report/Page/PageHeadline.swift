import FetchCore
import Records

/// What the totals of a night come to, in words.
struct PageHeadline {
    enum Tone: String {
        case good, mixed, bad
    }

    let sentence: String
    let tone: Tone

    init(_ totals: RunSummary) {
        let images = totals.count(of: .downloaded)
        let missing = [RecordStatus.pending, .failed, .invalid].reduce(0) { $0 + totals.count(of: $1) }
        let wanted = images + missing
        tone = missing == 0 ? .good : images > 0 ? .mixed : .bad
        let rerun = min(totals.count(of: .rerun), missing)
        let rest = [
            rerun > 0 ? "\(Quantity.count(rerun)) \(rerun == 1 ? "is" : "are") worth another run" : nil,
            missing > rerun
                ? "\(Quantity.count(missing - rerun)) \(missing - rerun == 1 ? "needs" : "need") a look" : nil,
        ].compactMap(\.self).joined(separator: ", ")
        sentence =
            switch (images, missing) {
            case (0, 0): totals.records == 0 ? "A night without jobs." : "A night of duplicates."
            case (1, 0): "The image is there."
            case (_, 0): "All \(Quantity.count(images)) images are there."
            case (0, 1): "The image is not there; it \(rerun == 1 ? "is worth another run" : "needs a look")."
            case (0, _): "None of the \(Quantity.count(wanted)) images is there; \(rest)."
            default: "\(Quantity.count(images)) of \(Quantity.count(wanted)) images are there; \(rest)."
            }
    }
}
