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
        /// Groups of equal weight go in the order in which they were found.
        let number: Int
        private(set) var count = 0
        /// Those that the page names without JavaScript.
        private(set) var first: [(jobID: JobID?, place: String)] = []

        init(key: Key, message: String, number: Int) {
            (self.key, self.message, self.number) = (key, message, number)
        }

        mutating func note(_ record: RecordDetails) {
            count += 1
            if count <= FailureGroups.mostNamed { first.append((record.jobID, "\(record.manifest):\(record.line)")) }
        }
    }

    private var groups: [Key: Group] = [:]
    private var found = 0
    /// All jobs and lines without an image, by what their records say is to be done: nil for what this program does not know.
    private var counts: [RetryAdvice.Action?: Int] = [:]

    /// The page lists so many. The program itself has some dozens; records of another origin may have a reason each.
    static let mostListed = 100
    /// Of more kinds, the least important half is forgotten; the counts by action hold all.
    static let mostCounted = 10_000
    static let mostNamed = 20

    /// A duplicate needs nothing done: it is the job of another line.
    mutating func note(_ record: RecordDetails) {
        guard let failure = record.failure, record.status != .duplicate else { return }
        let key = Key(
            status: record.status, code: ExactText(failure.code), action: ExactText(failure.action),
            reason: ExactText(failure.reason))
        counts[RetryAdvice.Action(rawValue: failure.action), default: 0] += 1
        if groups[key] == nil {
            found += 1
            groups[key] = Group(key: key, message: failure.message, number: found)
        }
        groups[key]?.note(record)
        if groups.count > Self.mostCounted { forgetHalf() }
    }

    private mutating func forgetHalf() {
        let kept = mostImportant(Self.mostCounted / 2)
        groups = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0) })
    }

    /// Those that somebody can do something about go before the others, and many jobs before few.
    private func mostImportant(_ count: Int) -> ArraySlice<Group> {
        groups.values.sorted { $0.importance < $1.importance }.prefix(count)
    }

    var isEmpty: Bool { groups.isEmpty }

    /// How many kinds need another run.
    var rerunCount: Int { groups.values.count { $0.action == .rerun } }

    /// The most important ones: those that need a person first, then by count.
    var listed: [Group] {
        mostImportant(Self.mostListed).sorted { left, right in
            (left.rank, -left.count, left.key.code.text, left.key.reason.text)
                < (right.rank, -right.count, right.key.code.text, right.key.reason.text)
        }
    }

    /// How many jobs and lines are in none of the groups that are listed, by their action.
    var unlisted: [(action: RetryAdvice.Action?, count: Int)] {
        let listed = Dictionary(grouping: listed, by: \.action).mapValues { $0.reduce(0) { $0 + $1.count } }
        let actions: [RetryAdvice.Action?] = [.fix, .resubmit, .rerun, RetryAdvice.Action.none, nil]
        return actions.map { ($0, counts[$0, default: 0] - listed[$0, default: 0]) }.filter { $0.count > 0 }
    }
}

extension FailureGroups.Group {
    /// Nil where the record was written by a program that knows of further ones.
    var action: RetryAdvice.Action? { RetryAdvice.Action(rawValue: key.action.text) }

    /// The less, the more important.
    fileprivate var importance: (Int, Int, Int) { (rank == 3 ? 1 : 0, -count, number) }

    fileprivate var rank: Int {
        switch action {
        case .fix: 0
        case .resubmit: 1
        case .rerun: 2
        default: 3
        }
    }
}
