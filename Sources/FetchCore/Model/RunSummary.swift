/// The totals of a run, counted as records are written, and the lines that needed none.
public struct RunSummary: Sendable, Equatable {
    /// Records of one failure code and one advice.
    public struct Group: Sendable, Hashable {
        public let code: FailureCode
        public let action: RetryAdvice.Action
        public let reason: RetryAdvice.Reason
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
    public private(set) var creditsUsed: Double = 0

    public init() {}

    public func count(of status: RecordStatus) -> Int { byStatus[status, default: 0] }
    public func count(of action: RetryAdvice.Action) -> Int { byAction[action, default: 0] }
    /// All records written.
    public var records: Int { byStatus.values.reduce(0, +) }

    /// Lines that earlier runs have settled: they were read, and have no record of this run.
    public func settled(as status: RecordStatus) -> Int { settledByStatus[status, default: 0] }
    public var settled: Int { settledByStatus.values.reduce(0, +) }

    mutating func addSettled(_ status: RecordStatus) {
        settledByStatus[status, default: 0] += 1
    }

    public mutating func add(_ record: JobRecord) {
        byStatus[record.outcome.status, default: 0] += 1
        if case .downloaded(let image, _) = record.outcome {
            bytes += Int64(image.bytes)
        }
        if let failure = record.outcome.failure, let advice = RetryAdvice(for: record.outcome) {
            byAction[advice.action, default: 0] += 1
            failures[Group(code: failure.code, action: advice.action, reason: advice.reason), default: 0] += 1
        }
        polls += record.polls
        polledJobs += record.polls > 0 ? 1 : 0
        mostPolls = max(mostPolls, record.polls)
        downloads += record.downloads
        creditsUsed += record.creditsUsed.flatMap(Double.init) ?? 0
    }
}
