import FetchCore

/// The end of a line as an input chooses it, with the line's own text in every place that foreign text may reach.
struct RecordDraw {
    private let kind: UInt8
    private let code: FailureCode
    private let stage: JobFailure.Stage
    private let count: Int
    /// When the record is written; any moment at all, also one that no calendar has.
    let moment: Int64

    init(_ choices: inout Choices) {
        kind = choices.byte()
        code = choices.element(of: FailureCode.allCases)
        stage = choices.element(of: JobFailure.Stage.allCases)
        count = Int(choices.byte())
        // Six bytes reach beyond the year 9999; the top bit makes it negative.
        let number = Int64(choices.number(bytes: 6))
        moment = kind & 0x80 == 0 ? number : kind & 0x40 == 0 ? -number : .max - number
    }

    /// A record of this line; of an invalid one always its own failure.
    func record(for item: ManifestItem, text: ArraySlice<UInt8>) -> JobRecord {
        let foreign = String(decoding: text.prefix(count), as: UTF8.self)
        switch item {
        case .invalid(let entry, let failure):
            return JobRecord(entry: entry, jobID: nil, outcome: .invalid(failure))
        case .job(let id, let entry), .settled(let id, let entry, _), .told(let id, let entry, _):
            return JobRecord(
                entry: entry, jobID: id, outcome: outcome(foreign), warnings: count & 1 == 0 ? [] : Warning.allCases,
                creditsUsed: count & 2 == 0 ? nil : foreign, polls: count, downloads: count & 3,
                elapsed: count & 4 == 0 ? nil : .milliseconds(count),
                waited: count & 8 == 0 ? nil : .milliseconds(count),
                downloadTime: count & 16 == 0 ? nil : .milliseconds(count))
        }
    }

    private func outcome(_ foreign: String) -> JobOutcome {
        let failure = JobFailure(
            code, at: stage, foreign, httpStatus: count & 8 == 0 ? nil : count,
            apiCode: count & 16 == 0 ? nil : foreign, apiMessage: count & 32 == 0 ? nil : foreign,
            retryAfter: count & 64 == 0 ? nil : .milliseconds(count))
        switch kind & 3 {
        case 0:
            return .downloaded(
                ProvenImage(path: foreign, bytes: count, width: 1, height: 2, sha256: "ab"), url: foreign)
        case 1: return .pending(failure)
        case 2: return .failed(failure)
        default: return .duplicate(ofLine: count, failure)
        }
    }
}
