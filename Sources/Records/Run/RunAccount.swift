public import FetchCore

/// All that is told of a run once it is over.
public struct RunAccount: Sendable {
    public let report: RunReport
    /// As they were named, `-` for standard input.
    public let manifests: [String]
    /// Where the records went, `-` for standard output.
    public let results: String
    /// The program's version.
    public let version: String
    public let startedAt: Timestamp
    public let finishedAt: Timestamp
    /// When this is told: at the end of the run, or later if it is put together from results.
    public let toldAt: Timestamp
    /// Lines without an image that are no failure, since so many are tolerated.
    public let tolerated: Int
    public var end: RunEnd
    private let exitStatusOf: @Sendable (RunEnd) -> Int32

    public init(
        of report: RunReport, tolerating tolerance: Tolerance = .none, manifests: [String], results: String,
        version: String, startedAt: Timestamp, finishedAt: Timestamp, toldAt: Timestamp? = nil,
        exitStatus: @escaping @Sendable (RunEnd) -> Int32
    ) {
        self.report = report
        self.manifests = manifests
        self.results = results
        self.version = version
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.toldAt = toldAt ?? finishedAt
        end = RunEnd(of: report, tolerating: tolerance)
        tolerated = end == .complete ? report.summary.linesWithoutImage : 0
        exitStatusOf = exitStatus
    }

    /// The number with which the program ends.
    public var exitStatus: Int32 { exitStatusOf(end) }
}

/// Why a run ended early; of several reasons the one that decides the exit status.
struct EarlyEnd: Sendable, Equatable {
    /// The raw values are stable.
    enum Kind: String, Sendable, CaseIterable {
        case deadline, credentials, storage, signal
        /// A record could not be written.
        case resultsLost = "results_lost"
        /// The reader of the results went away.
        case resultsClosed = "results_closed"
    }

    let kind: Kind
    /// A sentence for a person.
    let reason: String

    /// Nil for a run that did not end early.
    init?(of report: RunReport) {
        switch (report.failure, report.stop) {
        case (.resultsClosed, _): (kind, reason) = (.resultsClosed, "The reader of the results went away.")
        case (_, .signal(let number)): (kind, reason) = (.signal, "\(StopReason.signalName(number)) came.")
        case (.resultsNotWritten(let sentence), _): (kind, reason) = (.resultsLost, sentence)
        case (_, .storage(let failure)): (kind, reason) = (.storage, failure.message)
        case (_, .credentials(let answer)): (kind, reason) = (.credentials, answer.message)
        case (_, .deadline): (kind, reason) = (.deadline, "The deadline passed.")
        case (nil, nil): return nil
        }
    }
}
