import Testing

@testable import FetchCore

@Suite struct RunEndTests {
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
        #expect(RunEnd(of: report([])) == .complete)
        #expect(RunEnd(of: report([.sampleImage, duplicate])) == .complete)
        #expect(RunEnd(of: report([.sampleImage, failed(.jobFailed)])) == .jobsFailed)
        #expect(RunEnd(of: report([invalid])) == .jobsFailed)
        #expect(RunEnd(of: report([failed(.tlsFailed)])) == .jobsFailed)
        #expect(RunEnd(of: report([failed(.jobFailed), failed(.timeout)])) == .jobsLeft)
    }

    @Test func higherReasonsWin() {
        let rejected = StopReason.credentials(JobFailure(.unauthorized, at: .poll, "no"))
        let full = StopReason.storage(JobFailure(.diskFull, at: .store, "full"))
        let some = [failed(.timeout)]
        #expect(RunEnd(of: report(some, stop: rejected)) == .keyRejected)
        #expect(RunEnd(of: report(some, stop: full)) == .outputLost)
        #expect(RunEnd(of: report(some, failure: .resultsNotWritten("full"))) == .outputLost)
        #expect(
            RunEnd(of: report(some, stop: .signal(15), failure: .resultsNotWritten("full"))) == .stopped(signal: 15))
        #expect(RunEnd(of: report(some, stop: .signal(2))) == .stopped(signal: 2))
        #expect(RunEnd(of: report(some, stop: .signal(1))) == .stopped(signal: 1))
        #expect(RunEnd(of: report(some, failure: .resultsClosed)) == .readerGone)
        #expect(RunEnd(of: report(some, unreadable: ["gone"])) == .manifestUnreadable)
    }

    @Test func linesNotReadByTheDeadlineAreWorthARerun() {
        #expect(RunEnd(of: report([.sampleImage], stop: .deadline, exhausted: false)) == .jobsLeft)
        #expect(RunEnd(of: report([.sampleImage], stop: .deadline)) == .complete)
    }
}
