import FetchCore
import Glibc

/// The program's exit status; the numbers are those of sysexits.h where it has one.
enum ExitStatus: Equatable {
    /// Every job downloaded, or a duplicate of one that is.
    case success
    /// Finished; some job failed and another run will not help.
    case failures
    /// Another run will help at least one job (EX_TEMPFAIL).
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

    var code: Int32 {
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

    /// The status of a run that was started.
    init(_ end: RunEnd) {
        self =
            switch end {
            case .complete: .success
            case .jobsFailed: .failures
            case .jobsLeft: .rerun
            case .manifestUnreadable: .manifestUnreadable
            case .outputLost: .outputLost
            case .keyRejected: .keyRejected
            case .stopped(let number): .signal(number)
            case .readerGone: .signal(SIGPIPE)
            }
    }
}
