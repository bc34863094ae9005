@testable import FetchCore

/// The contract's table, read a second time.
extension JobRecord {
    var place: String { "\(entry.manifest):\(entry.line)" }

    /// What the user is to do about a record without an image.
    enum Advice {
        case rerun, resubmit, fix, nothing
    }

    var advice: Advice? {
        switch outcome.failure?.code {
        case nil: nil
        case .invalidJSON, .lineTooLong, .missingJobID, .invalidJobID, .tlsFailed, .unauthorized, .forbidden,
            .urlRejected, .imageTooLarge, .diskFull, .writeFailed, .nameTaken:
            .fix
        case .duplicateJobID, .notAnImageJob: .nothing
        case .jobNotFound, .jobFailed, .jobCleaned: .resubmit
        case .stillInProgress, .deadline, .interrupted, .noRecord, .rateLimited, .serverError, .timeout,
            .connectionFailed,
            .dnsFailed, .invalidResponse, .jobIDMismatch, .unknownStatus, .httpError, .urlExpired,
            .downloadHTTPError, .truncated, .notPNG, .corruptPNG:
            .rerun
        }
    }
}
