import FetchCore
import Records

/// The jobs and lines without an image, by what is to be done about them.
struct FailureGroups {
    struct Key: Hashable {
        let status: RecordStatus
        let code: ExactText
        let action: ExactText
        let reason: ExactText
    }

    struct Group {
        let key: Key
        /// What happened to the first of them.
        let message: String
        var count = 0
        /// Those that the page names without JavaScript.
        var first: [(jobID: JobID?, place: String)] = []
    }

    private(set) var groups: [Group] = []
    private var numbers: [Key: Int] = [:]
    /// Records of further kinds.
    private(set) var ungrouped = 0

    /// The program itself has some dozens; records of another origin may have a reason each.
    static let mostGroups = 100
    static let mostNamed = 20

    /// A duplicate needs nothing done: it is the job of another line.
    mutating func note(_ record: RecordDetails) {
        guard let failure = record.failure, record.status != .duplicate else { return }
        let key = Key(
            status: record.status, code: ExactText(failure.code), action: ExactText(failure.action),
            reason: ExactText(failure.reason))
        guard let number = numbers[key] ?? newGroup(key, failure.message) else {
            ungrouped += 1
            return
        }
        groups[number].count += 1
        if groups[number].count <= Self.mostNamed {
            groups[number].first.append((record.jobID, "\(record.manifest):\(record.line)"))
        }
    }

    private mutating func newGroup(_ key: Key, _ message: String) -> Int? {
        guard groups.count < Self.mostGroups else { return nil }
        groups.append(Group(key: key, message: message))
        numbers[key] = groups.count - 1
        return groups.count - 1
    }

    /// Those that need a person first, then by count.
    var sorted: [Group] {
        groups.sorted { left, right in
            (left.rank, -left.count, left.key.code.text, left.key.reason.text)
                < (right.rank, -right.count, right.key.code.text, right.key.reason.text)
        }
    }
}

extension FailureGroups.Group {
    /// Nil where the record was written by a program that knows of further ones.
    var action: RetryAdvice.Action? { RetryAdvice.Action(rawValue: key.action.text) }

    fileprivate var rank: Int {
        switch action {
        case .fix: 0
        case .resubmit: 1
        case .rerun: 2
        default: 3
        }
    }
}
