import FetchCore
import Records

/// Live progress in words: three lines for a terminal, or one for a file. ASCII only, so that a character is a column.
struct ProgressText {
    private let standing: RunStanding
    let progress: Progress
    private let now: Duration

    /// Nil before the run has begun.
    init?(_ standing: RunStanding, at now: Duration) {
        guard let progress = standing.progress else { return nil }
        self.standing = standing
        self.progress = progress
        self.now = now
    }

    /// At most three lines of `columns` characters: how far the run is, what goes on, and what it waits for.
    func lines(columns: Int) -> [String] {
        var first = FittedLine([percent, done, left, elapsed], columns: columns).text
        if let share, let bar = Self.bar(share, columns: columns - first.count - 1) {
            first = "\(bar) \(first)"
        }
        let rest = [FittedLine(work, columns: columns).text, FittedLine(waits, columns: columns).text]
        return [first] + rest.filter { !$0.isEmpty }
    }

    /// All of it in one line of any length.
    var sentence: String {
        ([done] + work + waits + [percent, elapsed, left]).compactMap { $0?.text }.joined(separator: ", ")
    }

    // MARK: How far

    private var done: Field? {
        let total =
            switch progress.total {
            case .unknown: "\(Quantity.count(progress.read))+"
            case .about(let lines): "~\(Quantity.count(Self.roughly(lines)))"
            case .exact(let lines): Quantity.count(lines)
            }
        return Field("\(Quantity.count(progress.done))/\(total) done", 0)
    }

    /// A guess with three digits, so that it neither looks exact nor changes all the time.
    private static func roughly(_ lines: Int) -> Int {
        var unit = 1
        while lines / unit >= 1000 { unit *= 10 }
        return (lines + unit / 2) / unit * unit
    }

    private var percent: Field? {
        share.map { Field("\(progress.total.mark)\(Int($0 * 100))%", 1) }
    }

    /// 0...1; 1 only when all is done, and nil when the total is not known.
    private var share: Double? {
        guard let total = progress.total.lines, total > 0 else { return nil }
        return min(1, Double(progress.done) / Double(total))
    }

    private var left: Field? {
        standing.timeLeft(at: now).map { Field("\(progress.total.mark)\(Quantity.roughTime($0)) left", 2) }
    }

    private var elapsed: Field? { Field("\(Quantity.wholeTime(now)) elapsed", 3) }

    /// `[=====>    ]`, as wide as there is room for, up to a limit; nil where there is too little.
    private static func bar(_ share: Double, columns: Int) -> String? {
        let width = min(columns - 2, 30)
        guard width >= 8 else { return nil }
        let full = Int(Double(width) * share)
        let tip = full < width ? ">" : ""
        return "[\(repeating("=", full))\(tip)\(repeating(" ", width - full - tip.count))]"
    }

    private static func repeating(_ character: Character, _ count: Int) -> String {
        String(repeating: character, count: count)
    }

    // MARK: What is going on

    private var work: [Field?] {
        let totals = progress.summary
        let queued = progress.unfinished - progress.inFlight - progress.waiting
        let rate = standing.byteRate(at: now).map { " at \(Quantity.bytes(Int64($0)))/s" } ?? ""
        let limit = standing.maxDownloadRate.map { " (limit \(Quantity.bytes(Int64($0)))/s)" } ?? ""
        return [
            Field("\(Quantity.count(progress.inFlight)) in flight", 0),
            Field("\(Quantity.count(progress.waiting)) waiting", 1),
            queued > 0 ? Field("\(Quantity.count(queued)) queued", 4) : nil,
            counted(totals, .failed, 2), counted(totals, .pending, 5), counted(totals, .invalid, 6),
            Field(Quantity.bytes(standing.receivedBytes) + rate + limit, 3),
        ]
    }

    private func counted(_ totals: RunSummary, _ status: RecordStatus, _ rank: Int) -> Field? {
        let count = totals.count(of: status)
        return count > 0 ? Field("\(Quantity.count(count)) \(status.rawValue)", rank) : nil
    }

    // MARK: What it waits for

    private var waits: [Field?] {
        [stopping, wait("API", progress.api), wait("images", progress.images), pace, longest]
    }

    private var stopping: Field? {
        switch standing.stop {
        case .signal(let number):
            Field("stopping on \(StopReason.signalName(number)), a second one ends at once", 0)
        case .deadline: Field("stopping at the deadline", 0)
        case .credentials: Field("stopping, the API rejects the key", 0)
        case .storage: Field("stopping, storage failed", 0)
        case nil: nil
        }
    }

    /// Since when an origin is not asked, and when it is asked again.
    private func wait(_ name: String, _ origin: Progress.Origin) -> Field? {
        guard standing.stop == nil else { return nil }
        switch origin {
        case .open: return nil
        case .paused(let end):
            return end > now ? Field("\(name) paused \(countdown(to: end))", 1) : nil
        case .refusing(let since, let next):
            let asked = next > now ? "asked again in \(countdown(to: next))" : "being asked"
            return Field("\(name) refused for \(Quantity.wholeTime(max(.zero, now - since))), \(asked)", 1)
        case .closed:
            return Field("\(name) refused, not asked again in this run", 1)
        }
    }

    /// In seconds begun.
    private func countdown(to end: Duration) -> String {
        Quantity.wholeTime(.seconds(Int(((end - now) / .seconds(1)).rounded(.up))))
    }

    private var pace: Field? {
        progress.pace.map { Field("at most \(Quantity.number($0 < 10 ? $0 : $0.rounded())) polls/s", 3) }
    }

    /// The job that has been asked about for longest, when that is long enough to be worth a look.
    private var longest: Field? {
        guard let job = progress.longestPolled, now - job.since >= .seconds(5) else { return nil }
        return Field("longest wait \(Quantity.wholeTime(now - job.since)) (\(job.id.description.prefix(8)))", 2)
    }
}
