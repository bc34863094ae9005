/// How a run ended: of all that happened, what counts most.
public enum RunEnd: Sendable, Equatable {
    /// Every job has its image, or is a duplicate of one that has.
    case complete
    /// Some job has no image, and another run will not help.
    case jobsFailed
    /// Some job has no image, and another run will help.
    case jobsLeft
    /// A manifest could not be read to its end.
    case manifestUnreadable
    /// The results could not be written, or the disk is full.
    case outputLost
    /// The API rejects the key.
    case keyRejected
    /// A signal of this number stopped the run.
    case stopped(signal: Int32)
    /// The reader of the results went away.
    case readerGone

    /// The end of a run, in the order in which the contract lets one reason go before another: a stop from outside, what
    /// is lost, what cannot be read, the key, then the jobs.
    ///
    /// `tolerance` forgives lines without an image, and nothing else.
    public init(of run: RunReport, tolerating tolerance: Tolerance = .none) {
        switch (run.failure, run.stop) {
        case (.resultsClosed, _): self = .readerGone
        case (_, .signal(let number)): self = .stopped(signal: number)
        case (.resultsNotWritten, _), (_, .storage): self = .outputLost
        case _ where !run.unreadable.isEmpty: self = .manifestUnreadable
        case (_, .credentials): self = .keyRejected
        // Lines that were never read are jobs that another run would help.
        case (_, .deadline) where !run.manifestExhausted: self = .jobsLeft
        default: self = Self(of: run.summary, tolerating: tolerance)
        }
    }

    /// The end of a run that would have ended so and then lost a further output.
    public var losingOutput: RunEnd {
        switch self {
        case .stopped, .readerGone: self
        case .complete, .jobsFailed, .jobsLeft, .manifestUnreadable, .outputLost, .keyRejected: .outputLost
        }
    }

    /// Lines that earlier runs have settled count too: the end is that of the whole manifest.
    private init(of summary: RunSummary, tolerating tolerance: Tolerance) {
        if summary.linesWithoutImage == 0 || tolerance.allows(summary.linesWithoutImage, of: summary.lines) {
            self = .complete
        } else {
            self = summary.count(of: .rerun) > 0 ? .jobsLeft : .jobsFailed
        }
    }
}
