/// How a run ended.
public struct RunReport: Sendable, Equatable {
    public let summary: RunSummary
    /// Why the run stopped early; nil when it went to its end.
    public let stop: StopReason?
    /// Why records are missing; nil when all were written.
    public let failure: RunFailure?
    /// The manifest was read to its end.
    public let manifestExhausted: Bool
    /// Manifests that could not be read to their end, with the reason.
    public let unreadable: [String]
    public let elapsed: Duration

    public init(
        summary: RunSummary, stop: StopReason?, failure: RunFailure?, manifestExhausted: Bool, unreadable: [String],
        elapsed: Duration
    ) {
        self.summary = summary
        self.stop = stop
        self.failure = failure
        self.manifestExhausted = manifestExhausted
        self.unreadable = unreadable
        self.elapsed = elapsed
    }
}

/// Why nothing new starts any more.
public enum StopReason: Sendable, Equatable {
    /// The run's deadline has passed.
    case deadline
    /// The API rejects the key; the failure is the answer that said so.
    case credentials(JobFailure)
    /// The disk takes no more.
    case storage(JobFailure)
    /// A signal that asks programs to end, by its number.
    case signal(Int32)

    /// The end of a job that was read and did not get its turn.
    func outcome() -> JobOutcome {
        switch self {
        case .deadline:
            .pending(JobFailure(.deadline, at: .run, "The run's deadline passed before the job was finished."))
        case .credentials(let answer):
            .failed(answer)
        case .storage(let failure):
            .pending(JobFailure(.interrupted, at: .run, "The run stopped, because storage failed: \(failure.message)"))
        case .signal(let number):
            .pending(JobFailure(.interrupted, at: .run, "The run was interrupted by \(Self.signalName(number))."))
        }
    }

    /// The usual name of a signal.
    public static func signalName(_ number: Int32) -> String {
        switch number {
        case 1: "SIGHUP"
        case 2: "SIGINT"
        case 15: "SIGTERM"
        default: "signal \(number)"
        }
    }

    /// Whether this reason replaces the earlier one.
    ///
    /// The exit status tells one reason only, and the contract says which goes first.
    func outranks(_ other: StopReason) -> Bool {
        rank > other.rank
    }

    private var rank: Int {
        switch self {
        case .deadline: 0
        case .credentials: 1
        case .storage: 2
        case .signal: 3
        }
    }

    /// Images whose urls are in hand may still be fetched: they need no further poll and no key.
    var allowsDownloads: Bool {
        switch self {
        case .credentials, .deadline: true
        case .storage, .signal: false
        }
    }

    /// How long what is under way may take; nil for as long as it needs.
    var grace: Duration? {
        switch self {
        case .deadline: RunPolicy.deadlineGrace
        case .signal: RunPolicy.grace
        case .credentials, .storage: nil
        }
    }
}
