@testable import FetchCore

/// The faults of requests, as the ports report them.
extension Weather {
    static func drawPollFault(_ random: inout SeededGenerator) -> JobFailure {
        let after: Duration? = random.chance(0.5) ? .seconds(random.number(in: 0...90)) : nil
        switch random.number(in: 0..<14) {
        case 0, 1: return JobFailure(.rateLimited, at: .poll, "slower", httpStatus: 429, retryAfter: after)
        case 2: return JobFailure(.serverError, at: .poll, "busy", httpStatus: 503, retryAfter: after)
        case 3: return JobFailure(.serverError, at: .poll, "broken", httpStatus: 500)
        case 4, 5: return JobFailure(.timeout, at: .poll, "silence")
        case 6, 7: return JobFailure(.connectionFailed, at: .poll, "reset")
        case 8: return JobFailure(.dnsFailed, at: .poll, "no such host")
        case 9: return JobFailure(.invalidResponse, at: .poll, "HTML", httpStatus: 200)
        case 10: return JobFailure(.unknownStatus, at: .poll, "a new status", httpStatus: 200)
        case 11: return JobFailure(.tlsFailed, at: .poll, "who are you")
        case 12: return JobFailure(.jobIDMismatch, at: .poll, "another job's", httpStatus: 200)
        default: return JobFailure(.forbidden, at: .poll, "not yours", httpStatus: 403)
        }
    }

    /// A download that fails, after the bytes that came or with bytes that are wrong.
    enum DownloadFault {
        case refused(JobFailure)
        /// The connection ends after a part of the bytes, and that is noticed.
        case brokenOff
        /// The body ends after a part of the bytes as if it were whole.
        case short
        case flippedBit
        case page
    }

    static func drawDownloadFault(_ random: inout SeededGenerator) -> DownloadFault {
        switch random.number(in: 0..<12) {
        case 0: .refused(JobFailure(.downloadHTTPError, at: .download, "busy", httpStatus: 503))
        case 1:
            .refused(JobFailure(.downloadHTTPError, at: .download, "slower", httpStatus: 429, retryAfter: .seconds(7)))
        case 2: .refused(JobFailure(.urlExpired, at: .download, "expired", httpStatus: 403))
        case 3: .refused(JobFailure(.timeout, at: .download, "silence"))
        case 4: .refused(JobFailure(.connectionFailed, at: .download, "reset"))
        case 5: .refused(JobFailure(.urlRejected, at: .download, "a private address"))
        case 6: .refused(JobFailure(.imageTooLarge, at: .download, "too large"))
        case 7, 8: .brokenOff
        case 9: .short
        case 10: .flippedBit
        default: .page
        }
    }
}
