/// The program's exit status; the numbers are those of sysexits.h where it has one.
public enum ExitStatus: Sendable, Equatable {
    /// Every job downloaded, or a duplicate of one that is.
    case success
    /// Finished; some job failed and rerunning will not help.
    case failures
    /// Rerunning will help at least one job (EX_TEMPFAIL).
    case rerun
    /// EX_USAGE
    case usage
    /// A manifest cannot be read (EX_NOINPUT).
    case manifestUnreadable
    /// An output cannot be created, or exists (EX_CANTCREAT).
    case outputRefused
    /// The results cannot be written, or the disk is full (EX_IOERR).
    case outputLost
    /// The API rejects the key (EX_NOPERM).
    case keyRejected
    /// No key, a bad url, an unreadable key or CA file (EX_CONFIG).
    case configuration
    /// 128 + the signal's number.
    case signal(Int32)

    public var code: Int32 {
        switch self {
        case .success: 0
        case .failures: 1
        case .usage: 64
        case .manifestUnreadable: 66
        case .outputRefused: 73
        case .outputLost: 74
        case .rerun: 75
        case .keyRejected: 77
        case .configuration: 78
        case .signal(let number): 128 + number
        }
    }

    /// The closed pipe's signal.
    private static let sigpipe: Int32 = 13

    /// The status of a run that started: 128 + n goes before 74, then 66, 77, 75, 1, 0.
    public init(of run: RunReport) {
        switch (run.failure, run.stop) {
        case (.resultsClosed, _): self = .signal(Self.sigpipe)
        case (_, .signal(let number)): self = .signal(number)
        case (.resultsNotWritten, _), (_, .storage): self = .outputLost
        case _ where !run.unreadable.isEmpty: self = .manifestUnreadable
        case (_, .credentials): self = .keyRejected
        // Lines that were never read are jobs that a rerun would help.
        case (_, .deadline) where !run.manifestExhausted: self = .rerun
        default: self = Self(of: run.summary)
        }
    }

    /// The status of a run that would have ended so and then lost a further output.
    public var losingOutput: ExitStatus {
        if case .signal = self { self } else { .outputLost }
    }

    /// Records that tell of a job that has no image.
    private static let withoutImage: [RecordStatus] = [.pending, .failed, .invalid]

    /// Lines that earlier runs have settled count too: the status speaks of the whole manifest.
    private init(of summary: RunSummary) {
        if summary.count(of: .rerun) > 0 {
            self = .rerun
        } else if Self.withoutImage.contains(where: { summary.count(of: $0) + summary.settled(as: $0) > 0 }) {
            self = .failures
        } else {
            self = .success
        }
    }
}
