/// What to do about a step that failed.
enum Remedy: Equatable {
    /// The same again, after a wait.
    case retry
    /// The same again when the origin takes requests again; no attempt is used up.
    case askAgain
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
    /// | HTTP 408, 5xx but 501, 505, 506, 508, 510, 511 | retry |
    /// | HTTP 429 | ask again, see ``Refusal`` |
    /// | a poll's reply that makes no sense | retry |
    /// | url expired, or not a sound PNG | fresh url |
    /// | cancelled by the run | stop |
    /// | everything else | give up |
    var remedy: Remedy {
        if isRefusal { return .askAgain }
        return switch code {
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
            .noRecord,
            .tlsFailed, .httpError, .unauthorized, .forbidden, .jobNotFound, .jobFailed, .jobCleaned,
            .jobIDMismatch, .notAnImageJob, .urlRejected, .imageTooLarge, .diskFull, .writeFailed, .nameTaken:
            .giveUp
        }
    }

    /// Whether the API has told how the job stands.
    var tellsTheState: Bool {
        switch code {
        case .jobNotFound, .jobFailed, .jobCleaned, .notAnImageJob, .unknownStatus: stage == .poll
        default: false
        }
    }

    /// Whether the origin has sent something, so that it is there.
    var isAnAnswer: Bool {
        switch code {
        case .notPNG, .corruptPNG, .truncated, .imageTooLarge, .notAnImageJob, .diskFull, .writeFailed: true
        default: httpStatus != nil
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

    /// The origin asks for fewer requests, which is no fault of the job.
    var isRefusal: Bool { httpStatus == 429 }

    private static func isTransient(_ status: Int) -> Bool {
        status == 408 || isTransientServerError(status)
    }

    /// Whether a server may do better the next time.
    ///
    /// RFC 9110, section 15, has an unknown 5xx be taken for a 500. What a server says of itself for good is left out:
    /// that it does not know the method or the version, and that it is wrongly set up (501, 505, 506, 508, 510, 511).
    public static func isTransientServerError(_ status: Int) -> Bool {
        switch status {
        case 501, 505, 506, 508, 510, 511: false
        case 500...599: true
        default: false
        }
    }
}
