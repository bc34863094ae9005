import TestRandom

@testable import FetchCore

/// The faults of requests, as the ports report them.
extension Weather {
    /// A few bursts, or a whole run against a wrong url.
    static func drawForeignNotFound(_ random: inout SeededGenerator) -> [ClosedRange<Duration>] {
        if random.chance(0.2) { return [.zero ... .seconds(100_000)] }
        return (0..<random.number(in: 1...3)).map { _ in drawSpan(&random) }
    }

    static func drawRefusing(_ random: inout SeededGenerator) -> Refusing {
        let named = random.chance(0.3) ? Duration.seconds(random.pick(from: [1, 20, 500, 5000])) : nil
        return Refusing(during: drawSpan(&random), named: named)
    }

    private static func drawSpan(_ random: inout SeededGenerator) -> ClosedRange<Duration> {
        let start = Duration.milliseconds(random.number(in: 0...random.pick(from: [1, 2000, 60_000])))
        return start...start + .milliseconds(random.pick(from: [200, 5_000, 60_000, 600_000]))
    }

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
