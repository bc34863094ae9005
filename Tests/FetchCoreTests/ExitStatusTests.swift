import Testing

@testable import FetchCore

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
