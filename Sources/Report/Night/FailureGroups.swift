import FetchCore
import Records

/// The jobs and lines without an image, by what is to be done about them.
struct FailureGroups {
    struct Key: Hashable {
        let status: RecordStatus
        let code: String
        let action: String
        let reason: String
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
            status: record.status, code: failure.code, action: failure.action, reason: failure.reason)
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
            (Self.rank(left.key.action), -left.count, left.key.code, left.key.reason)
                < (Self.rank(right.key.action), -right.count, right.key.code, right.key.reason)
        }
    }

    private static func rank(_ action: String) -> Int {
        switch RetryAdvice.Action(rawValue: action) {
        case .fix: 0
        case .resubmit: 1
        case .rerun: 2
        default: 3
        }
    }
}
