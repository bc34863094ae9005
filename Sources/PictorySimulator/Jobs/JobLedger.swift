/// What has happened to each job since the simulator started.
struct JobLedger: Sendable {
    /// One job's history, kept small because there may be a million of them.
    struct Entry: Sendable {
        let firstPoll: Double
        var lastPoll: Double
        var polls: Int32 = 0
        var downloads: Int32 = 0
        /// Polls that came late enough after the one counted before.
        var spacedPolls: Int32 = 0
        var lastSpacedPoll = -Double.infinity
        /// Image urls given out so far; each poll of a completed job gives a new one.
        var urls: Int32 = 0
    }

    /// Beyond this many jobs the oldest are forgotten; a million entries need about 150 MB.
    static let limit = 1_000_000

    private(set) var entries: [JobID: Entry] = [:]
    private var order: [JobID] = []
    private var oldest = 0
    private let limit: Int

    init(limit: Int = JobLedger.limit) {
        self.limit = limit
    }

    /// Notes a poll at a virtual time and returns the history that includes it.
    mutating func poll(_ job: JobID, at time: Double, life: JobLife, restartsAfter: Double?) -> Entry {
        var entry = entries[job] ?? Entry(firstPoll: time, lastPoll: time)
        if let restartsAfter, time - entry.lastPoll > restartsAfter {
            let counts = (entry.polls, entry.downloads, entry.urls)
            entry = Entry(firstPoll: time, lastPoll: time)
            (entry.polls, entry.downloads, entry.urls) = counts
        }
        entry.polls += 1
        entry.lastPoll = time
        if case .polls(_, let spacing) = life, time - entry.lastSpacedPoll >= spacing {
            entry.spacedPolls += 1
            entry.lastSpacedPoll = time
        }
        store(entry, job)
        return entry
    }

    /// Notes that a reply carries a new image url, and returns its number from 1.
    mutating func giveURL(_ job: JobID) -> Int {
        guard var entry = entries[job] else { return 1 }
        entry.urls += 1
        entries[job] = entry
        return Int(entry.urls)
    }

    /// Notes a download and returns its number from 1.
    mutating func download(_ job: JobID, at time: Double) -> Int {
        var entry = entries[job] ?? Entry(firstPoll: time, lastPoll: time)
        entry.downloads += 1
        store(entry, job)
        return Int(entry.downloads)
    }

    private mutating func store(_ entry: Entry, _ job: JobID) {
        guard entries.updateValue(entry, forKey: job) == nil else { return }
        order.append(job)
        if entries.count > limit {
            entries[order[oldest]] = nil
            oldest += 1
        }
        if oldest > limit / 2 {
            order.removeFirst(oldest)
            oldest = 0
        }
    }
}
