/// The totals of a run, counted as records are written, and the lines that needed none.
public struct RunSummary: Sendable, Equatable {
    /// Records of one failure code and one advice.
    public struct Group: Sendable, Hashable {
        public let code: FailureCode
        public let action: RetryAdvice.Action
        public let reason: RetryAdvice.Reason

        public init(code: FailureCode, action: RetryAdvice.Action, reason: RetryAdvice.Reason) {
            self.code = code
            self.action = action
            self.reason = reason
        }
    }

    private var byStatus: [RecordStatus: Int] = [:]
    private var byAction: [RetryAdvice.Action: Int] = [:]
    private var settledByStatus: [RecordStatus: Int] = [:]
    /// How many records ended with which failure.
    public private(set) var failures: [Group: Int] = [:]
    /// Bytes of the images downloaded.
    public private(set) var bytes: Int64 = 0
    public private(set) var polls = 0
    /// Records of jobs that were polled at all.
    public private(set) var polledJobs = 0
    /// The polls of the job that took the most.
    public private(set) var mostPolls = 0
    public private(set) var downloads = 0
    /// How long the API took, from the first poll to "completed".
    public private(set) var waits = DurationHistogram(upTo: Self.waitBounds)
    /// How long the downloads of the images took that were kept.
    public private(set) var downloadTimes = DurationHistogram(upTo: Self.downloadBounds)
    /// The sum of the credits that the API named.
    public var creditsUsed: Double { credits.value }
    private var credits = DecimalSum()

    public init() {}

    public func count(of status: RecordStatus) -> Int { byStatus[status, default: 0] }
    public func count(of action: RetryAdvice.Action) -> Int { byAction[action, default: 0] }
    /// All records written.
    public var records: Int { byStatus.values.reduce(0, +) }

    /// Lines that earlier runs have settled: they were read, and have no record of this run.
    public func settled(as status: RecordStatus) -> Int { settledByStatus[status, default: 0] }
    public var settled: Int { settledByStatus.values.reduce(0, +) }

    /// Lines that name again a job that has no image.
    public var duplicatesWithoutImage = 0

    /// Lines that were read, those included that earlier runs have settled.
    public var lines: Int { records + settled }

    /// Lines without an image: those of jobs that have none, of duplicates of such jobs, and those that are no job.
    public var linesWithoutImage: Int {
        [RecordStatus.pending, .failed, .invalid].reduce(duplicatesWithoutImage) {
            $0 + count(of: $1) + settled(as: $1)
        }
    }

    mutating func addSettled(_ status: RecordStatus) {
        settledByStatus[status, default: 0] += 1
    }

    /// Counts how a record ends; what is not known of it is nil.
    public mutating func add(
        _ status: RecordStatus, advice: RetryAdvice.Action?, failure: Group?, creditsUsed: Double,
        waited: Duration? = nil, downloadTime: Duration? = nil
    ) {
        byStatus[status, default: 0] += 1
        if let advice { byAction[advice, default: 0] += 1 }
        if let failure { failures[failure, default: 0] += 1 }
        credits.add(creditsUsed)
        if let waited { waits.add(waited) }
        if let downloadTime { downloadTimes.add(downloadTime) }
    }

    /// Counts what a record says of its requests.
    public mutating func addRequests(polls: Int, downloads: Int, bytes: Int) {
        self.polls += polls
        polledJobs += polls > 0 ? 1 : 0
        mostPolls = max(mostPolls, polls)
        self.downloads += downloads
        self.bytes += Int64(bytes)
    }

    public mutating func add(_ record: JobRecord) {
        let advice = RetryAdvice(for: record.outcome)
        var failure: Group?
        if let code = record.outcome.failure?.code, let advice {
            failure = Group(code: code, action: advice.action, reason: advice.reason)
        }
        add(
            record.outcome.status, advice: advice?.action, failure: failure,
            creditsUsed: record.creditsUsed.flatMap(Double.init) ?? 0, waited: record.waited,
            downloadTime: record.downloadTime)
        var imageBytes = 0
        if case .downloaded(let image, _) = record.outcome { imageBytes = image.bytes }
        addRequests(polls: record.polls, downloads: record.downloads, bytes: imageBytes)
    }

    /// An image takes the API some seconds to some minutes; nobody waits for longer than an hour by default.
    private static let waitBounds: [Duration] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600]
        .map { .seconds($0) }
    /// A megabyte takes some milliseconds nearby, and minutes where the rate is limited.
    private static let downloadBounds: [Duration] = [
        10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000,
    ].map { .milliseconds($0) }
}

/// A sum of very many numbers that keeps what each addition rounds off (Neumaier's): a million times 0.6 is 600,000.
private struct DecimalSum: Sendable, Equatable {
    private var sum: Double = 0
    private var roundedOff: Double = 0

    var value: Double {
        // Of an infinite sum what is rounded off is no number.
        sum.isFinite ? sum + roundedOff : sum
    }

    mutating func add(_ number: Double) {
        let total = sum + number
        roundedOff += sum.magnitude >= number.magnitude ? (sum - total) + number : (number - total) + sum
        sum = total
    }
}
