import Testing

@testable import FetchCore

@Suite struct BackOffTests {
    private let backOff = BackOff(base: .seconds(1), longest: .seconds(60))

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1000, 60)])
    func limitDoublesUpToTheLongest(failures: Int, seconds: Int) {
        #expect(backOff.delay(afterFailures: failures, jitter: 0) == .zero)
        #expect(backOff.delay(afterFailures: failures, jitter: 0.5) == .seconds(seconds) / 2)
    }
}

@Suite struct PollingIntervalTests {
    @Test(arguments: [(1, 10.0, 15.0), (2, 15, 22.5), (3, 22.5, 30), (4, 24, 30), (500, 24, 30)])
    func growsByHalfWithinItsBounds(polls: Int, low: Double, high: Double) {
        let interval = PollingInterval(first: .seconds(10), longest: .seconds(30))
        #expect(interval.interval(afterPolls: polls, jitter: 0) == .seconds(low))
        #expect(interval.interval(afterPolls: polls, jitter: 0.5) == .seconds((low + high) / 2))
    }

    @Test(arguments: [0, 0.3, 0.999]) func neverLeavesFirstAndLongest(jitter: Double) {
        for longest in [1, 2, 3, 10, 100] {
            let interval = PollingInterval(first: .seconds(1), longest: .seconds(longest))
            for polls in 1...30 {
                let pause = interval.interval(afterPolls: polls, jitter: jitter)
                #expect(pause >= .seconds(1) && pause <= .seconds(longest))
            }
        }
    }

    @Test(arguments: [0, 0.2, 0.5, 0.7, 0.999]) func lastPollFallsOnTheEndAndNoneComesTooSoon(jitter: Double) {
        let interval = PollingInterval(first: .seconds(10), longest: .seconds(30))
        for patience in 10...1000 {
            var left: Duration = .seconds(patience)
            var polls = 0
            while left > .zero {
                polls += 1
                let pause = interval.pause(afterPolls: polls, patience: left, jitter: jitter)
                #expect(pause >= .seconds(10) && pause <= .seconds(30))
                left -= pause
            }
            #expect(left == .zero)
        }
    }

    @Test func patienceShorterThanAnIntervalIsOnePoll() {
        let interval = PollingInterval(first: .seconds(10), longest: .seconds(30))
        #expect(interval.pause(afterPolls: 1, patience: .seconds(3), jitter: 0.5) == .seconds(3))
    }

    @Test func longestBelowFirstCountsAsFirst() {
        let interval = PollingInterval(first: .seconds(60), longest: .seconds(30))
        #expect(interval.interval(afterPolls: 3, jitter: 0.9) == .seconds(60))
    }
}

@Suite struct OriginPaceTests {
    @Test func withoutALimitEverythingIsAdmitted() {
        var pace = OriginPace()
        #expect((0..<1000).allSatisfy { _ in pace.admit(at: .zero) == nil })
    }

    @Test func bucketRefillsAtTheRate() {
        var pace = OriginPace(rate: 2)
        #expect(pace.admit(at: .zero) == nil)
        #expect(pace.admit(at: .zero) == .milliseconds(500))
        #expect(pace.admit(at: .milliseconds(500)) == nil)
        // Idle time is not saved up beyond one request.
        #expect(pace.admit(at: .seconds(100)) == nil)
        #expect(pace.admit(at: .seconds(100)) != nil)
    }

    @Test(arguments: [1.0, 7, 333, 5000]) func rateIsReachedWhenWakeUpsAreOnTime(rate: Double) {
        var pace = OriginPace(rate: rate)
        var now: Duration = .zero
        var admitted = 0
        while now < .seconds(20) {
            if let later = pace.admit(at: now) {
                #expect(later > now)
                now = later
            } else {
                admitted += 1
            }
        }
        #expect(Double(admitted) <= rate * 20 + max(1, rate / 10))
        #expect(Double(admitted) >= rate * 20 * 0.95)
    }

    @Test func refusalPausesThenHalvesThePace() {
        var pace = OriginPace()
        var now: Duration = .zero
        while now < .seconds(1) {
            #expect(pace.admit(at: now) == nil)
            now += .milliseconds(10)
        }
        pace.yield(at: now, until: now + .seconds(5))
        #expect(pace.admit(at: now) == now + .seconds(5))
        #expect(pace.admit(at: now + .seconds(4.9)) == now + .seconds(5))
        let yielded = pace.yielded ?? 0
        #expect(yielded > 45 && yielded < 55)
    }

    @Test func refusalsUnderWayWhenThePauseBeganDoNotHalveAgain() {
        var pace = OriginPace()
        for _ in 0..<100 { _ = pace.admit(at: .zero) }
        pace.yield(at: .seconds(1), until: .seconds(2))
        let first = pace.yielded
        pace.yield(at: .seconds(1.1), until: .seconds(9))
        #expect(pace.yielded == first)
        #expect(pace.admit(at: .seconds(8)) == .seconds(9))
    }

    @Test func refusalsThatHaveNothingToDoWithThePaceDoNotBringTheRunToAHalt() {
        // One request in ten is refused with a wish for one second, however slowly we go.
        var pace = OriginPace()
        var now: Duration = .zero
        var admitted = 0
        while now < .seconds(300) {
            if let later = pace.admit(at: now) {
                now = later
            } else {
                admitted += 1
                if admitted.isMultiple(of: 10) { pace.yield(at: now, until: now + .seconds(1)) }
            }
        }
        #expect(admitted > 600)
    }

    @Test func paceRecoversSlowlyAndNeverBeyondTheUsersRate() {
        var pace = OriginPace(rate: 40)
        var now: Duration = .zero
        for _ in 0..<200 {
            while let later = pace.admit(at: now) { now = later }
        }
        pace.yield(at: now, until: now + .seconds(1))
        #expect((pace.limit ?? 0) < 22)
        now += .seconds(1)
        let before = pace.limit ?? 0
        _ = pace.admit(at: now + .seconds(1))
        let after = pace.limit ?? 0
        #expect(after > before && after <= before + 2.01)
        _ = pace.admit(at: now + .seconds(200))
        #expect(pace.limit == 40)
    }
}

@Suite struct OutageTests {
    private let backOff = BackOff(base: .seconds(1), longest: .seconds(60))

    @Test func fewFaultsAreNoOutage() {
        var outage = Outage(retries: 4, backOff: backOff)
        for second in 1..<Outage.threshold {
            #expect(outage.fault(at: .seconds(second * 100)) == nil)
        }
        #expect(!outage.isHopeless(at: .seconds(10_000)))
    }

    @Test func roundsOfFaultsPauseLongerAndLonger() {
        var outage = Outage(retries: 4, backOff: backOff)
        for _ in 1..<Outage.threshold { _ = outage.fault(at: .zero) }
        #expect(outage.fault(at: .zero) == .seconds(1))
        // The rest of the round lengthens nothing.
        #expect(outage.fault(at: .milliseconds(10)) == nil)
        #expect(outage.fault(at: .seconds(1)) == .seconds(3))
        #expect(outage.fault(at: .seconds(3)) == .seconds(7))
    }

    @Test func outageIsWaitedForAsLongAsOneJobsRetriesTake() {
        var outage = Outage(retries: 4, backOff: backOff)
        for _ in 1...Outage.threshold { _ = outage.fault(at: .zero) }
        #expect(!outage.isHopeless(at: .seconds(15)))
        #expect(outage.isHopeless(at: .seconds(16)))
        #expect(outage.fault(at: .seconds(16)) == nil)
    }

    @Test func oneAnswerEndsIt() {
        var outage = Outage(retries: 4, backOff: backOff)
        for _ in 1...100 { _ = outage.fault(at: .zero) }
        outage.answer()
        #expect(!outage.isHopeless(at: .seconds(1000)))
        #expect(outage.fault(at: .seconds(1000)) == nil)
    }
}

@Suite struct RetryAdviceTests {
    /// The contract's table of codes, word for word.
    @Test(arguments: [
        (FailureCode.invalidJSON, RetryAdvice.Action.fix), (.lineTooLong, .fix), (.missingJobID, .fix),
        (.invalidJobID, .fix), (.duplicateJobID, .none), (.stillInProgress, .rerun), (.deadline, .rerun),
        (.interrupted, .rerun), (.rateLimited, .rerun), (.serverError, .rerun), (.timeout, .rerun),
        (.connectionFailed, .rerun), (.dnsFailed, .rerun), (.invalidResponse, .rerun), (.tlsFailed, .fix),
        (.unauthorized, .fix), (.forbidden, .fix), (.jobNotFound, .resubmit), (.jobFailed, .resubmit),
        (.jobCleaned, .resubmit), (.jobIDMismatch, .rerun), (.unknownStatus, .rerun), (.httpError, .rerun),
        (.notAnImageJob, .none), (.urlRejected, .fix), (.urlExpired, .rerun), (.downloadHTTPError, .rerun),
        (.truncated, .rerun), (.imageTooLarge, .fix), (.notPNG, .rerun), (.corruptPNG, .rerun), (.diskFull, .fix),
        (.writeFailed, .fix),
    ]) func everyCodeHasItsAction(code: FailureCode, action: RetryAdvice.Action) {
        let advice = RetryAdvice(for: .failed(JobFailure(code, at: .poll, "it failed")))
        #expect(advice?.action == action)
        #expect((advice?.after != nil) == (action == .rerun))
        #expect(advice?.reason.isEmpty == false)
    }

    @Test func tooFewCreditsAreToBeFixed() {
        let failure = JobFailure(.jobFailed, at: .poll, "it failed", apiCode: "INSUFFICIENT_CREDITS")
        #expect(RetryAdvice(for: .failed(failure))?.action == .fix)
    }

    @Test func serversWishIsNotCutShort() {
        let failure = JobFailure(.rateLimited, at: .poll, "wait", retryAfter: .seconds(1000))
        #expect(RetryAdvice(for: .failed(failure))?.after == .seconds(1000))
    }

    @Test func downloadedNeedsNone() {
        #expect(RetryAdvice(for: .downloaded(.sample)) == nil)
    }
}

@Suite struct ExitStatusTests {
    private func report(
        _ outcomes: [JobOutcome], stop: StopReason? = nil, failure: RunFailure? = nil, exhausted: Bool = true,
        unreadable: [String] = []
    ) -> RunReport {
        var summary = RunSummary()
        for (line, outcome) in outcomes.enumerated() {
            summary.add(JobRecord(entry: .sample(line: line + 1), jobID: .sample(line + 1), outcome: outcome))
        }
        return RunReport(
            summary: summary, stop: stop, failure: failure, manifestExhausted: exhausted, unreadable: unreadable,
            elapsed: .zero)
    }

    private func failed(_ code: FailureCode) -> JobOutcome { .failed(JobFailure(code, at: .poll, "it failed")) }

    @Test func followsTheOutcomes() {
        let duplicate = JobOutcome.duplicate(ofLine: 1, JobFailure(.duplicateJobID, at: .manifest, "again"))
        let invalid = JobOutcome.invalid(JobFailure(.invalidJSON, at: .manifest, "no"))
        #expect(ExitStatus(of: report([])).code == 0)
        #expect(ExitStatus(of: report([.downloaded(.sample), duplicate])).code == 0)
        #expect(ExitStatus(of: report([.downloaded(.sample), failed(.jobFailed)])).code == 1)
        #expect(ExitStatus(of: report([invalid])).code == 1)
        #expect(ExitStatus(of: report([failed(.tlsFailed)])).code == 1)
        #expect(ExitStatus(of: report([failed(.jobFailed), failed(.timeout)])).code == 75)
    }

    @Test func higherReasonsWin() {
        let rejected = StopReason.credentials(JobFailure(.unauthorized, at: .poll, "no"))
        let full = StopReason.storage(JobFailure(.diskFull, at: .store, "full"))
        let some = [failed(.timeout)]
        #expect(ExitStatus(of: report(some, stop: rejected)).code == 77)
        #expect(ExitStatus(of: report(some, stop: full)).code == 74)
        #expect(ExitStatus(of: report(some, failure: .resultsNotWritten("full"))).code == 74)
        #expect(ExitStatus(of: report(some, stop: .signal(15), failure: .resultsNotWritten("full"))).code == 143)
        #expect(ExitStatus(of: report(some, stop: .signal(2))).code == 130)
        #expect(ExitStatus(of: report(some, stop: .signal(1))).code == 129)
        #expect(ExitStatus(of: report(some, failure: .resultsClosed)).code == 141)
        #expect(ExitStatus(of: report(some, unreadable: ["gone"])).code == 66)
    }

    @Test func linesNotReadByTheDeadlineAreWorthARerun() {
        #expect(ExitStatus(of: report([.downloaded(.sample)], stop: .deadline, exhausted: false)).code == 75)
        #expect(ExitStatus(of: report([.downloaded(.sample)], stop: .deadline)).code == 0)
    }
}
