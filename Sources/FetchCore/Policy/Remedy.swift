/// What to do about a step that failed.
enum Remedy: Equatable {
    /// The same again, after a wait.
    case retry
    /// A poll for a fresh url, then one more download.
    case freshURL
    /// Nothing helps in this run: the failure is the job's end.
    case giveUp
    /// The run itself ended the step; the job ends as the run's stop says.
    case stop
}

extension JobFailure {
    /// The remedy, before any count of attempts.
    ///
    /// | failure | remedy |
    /// |---|---|
    /// | connection, DNS, time-out, truncated body | retry |
    /// | HTTP 408, 429, 500, 502–504, 520–524 | retry |
    /// | a poll's reply that makes no sense | retry |
    /// | url expired, or not a sound PNG | fresh url |
    /// | cancelled by the run | stop |
    /// | all else | give up |
    var remedy: Remedy {
        switch code {
        case .connectionFailed, .dnsFailed, .timeout, .truncated, .rateLimited, .serverError, .invalidResponse,
            .unknownStatus:
            .retry
        case .downloadHTTPError:
            httpStatus.map(Self.isTransient) == true ? .retry : .giveUp
        case .urlExpired, .notPNG, .corruptPNG:
            .freshURL
        case .interrupted:
            .stop
        case .invalidJSON, .lineTooLong, .missingJobID, .invalidJobID, .duplicateJobID, .stillInProgress, .deadline,
            .tlsFailed, .httpError, .unauthorized, .forbidden, .jobNotFound, .jobFailed, .jobCleaned,
            .jobIDMismatch, .notAnImageJob, .urlRejected, .imageTooLarge, .diskFull, .writeFailed:
            .giveUp
        }
    }

    /// Whether the failure, seen in many jobs in a row, means that the origin is out of order.
    var tellsOfAnOutage: Bool {
        switch code {
        case .connectionFailed, .dnsFailed, .timeout, .serverError: true
        case .downloadHTTPError: httpStatus.map { $0 >= 500 } ?? false
        default: false
        }
    }

    private static func isTransient(_ status: Int) -> Bool {
        switch status {
        case 408, 429, 500, 502, 503, 504, 520...524: true
        default: false
        }
    }
}
