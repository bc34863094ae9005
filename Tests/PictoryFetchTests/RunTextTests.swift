import Testing

@testable import FetchCore
@testable import pictory_fetch

@Suite struct RunTextTests {
    private func run(
        _ records: [JobRecord], stop: StopReason? = nil, failure: RunFailure? = nil, manifestExhausted: Bool = true
    ) -> RunReport {
        var summary = RunSummary()
        records.forEach { summary.add($0) }
        return RunReport(
            summary: summary, stop: stop, failure: failure, manifestExhausted: manifestExhausted, unreadable: [],
            elapsed: .seconds(3780))
    }

    private func failed(_ code: FailureCode, polls: Int = 1) -> JobRecord {
        .sample(.failed(JobFailure(code, at: .poll, "no")), polls: polls)
    }

    @Test func summaryTellsAllThatCounts() {
        let records =
            (0..<1200).map { _ in JobRecord.sample(.sampleImage, credits: "0.5", polls: 2) }
            + (0..<12).map { _ in failed(.jobFailed, polls: 3) } + [failed(.serverError, polls: 9)]
        #expect(
            RunText.summary(of: run(records), continuation: .resume) == """
                pictory-fetch: 1,213 records: 1,200 downloaded, 13 failed in 1 h 03 min
                  images: 1.8 GB, 600 credits used
                  requests: 2,445 polls (2 a job, at most 9), 1,213 downloads
                  12 × job_failed → resubmit: The job failed for good; submit a new one.
                   1 × server_error → rerun: The server had trouble of its own; it usually passes.
                  The same command with --resume does the rest (1 job to try again).
                """)
    }

    @Test func goodRunIsShort() {
        #expect(
            RunText.summary(of: run([.sample(.sampleImage)]), continuation: .resume) == """
                pictory-fetch: 1 record: 1 downloaded in 1 h 03 min
                  images: 1.5 MB
                  requests: 1 poll, 1 download
                """)
    }

    @Test(arguments: [
        (Continuation.sameCommand, "The same command again does the rest"),
        (.resume, "The same command with --resume does the rest"),
        (.resumeInsteadOfForce, "The same command with --resume in place of --force does the rest"),
        (.records, "Records are a manifest: those that say rerun can be given to another run"),
    ]) func nextCommandFollowsFromThisOne(continuation: Continuation, sentence: String) {
        let summary = RunText.summary(of: run([failed(.timeout), failed(.timeout)]), continuation: continuation)
        #expect(summary.hasSuffix("\n  \(sentence) (2 jobs to try again)."))
    }

    @Test(arguments: [
        (RecordStatus.downloaded, ""), (.failed, "; their records say why"), (.invalid, "; their records say why"),
    ])
    func whatIsSettledHasItsReasonInTheRecords(status: RecordStatus, hint: String) {
        var summary = RunSummary()
        summary.addSettled(status)
        let run = RunReport(
            summary: summary, stop: nil, failure: nil, manifestExhausted: true, unreadable: [], elapsed: .zero)
        let lines = RunText.summary(of: run, continuation: .sameCommand).split(separator: "\n")
        #expect(lines.last == "  settled by earlier runs: 1 \(status.rawValue)\(hint)")
    }

    @Test func nextCommandIsNamedOnlyWhereItHelps() {
        let closed = RunText.summary(of: run([failed(.jobFailed)]), continuation: .resume)
        #expect(!closed.contains("--resume"))
        let lost = RunText.summary(
            of: run([failed(.timeout)], failure: .resultsNotWritten("full")), continuation: .resume)
        #expect(!lost.contains("--resume"))
        let pending = run([.sample(.pending(JobFailure(.unauthorized, at: .poll, "no")))])
        #expect(RunText.summary(of: pending, continuation: .resume).hasSuffix("with --resume does the rest."))
        #expect(!RunText.summary(of: pending, continuation: .records).contains("rerun can be"))
        let stopped = RunText.summary(of: run([], stop: .deadline, manifestExhausted: false), continuation: .resume)
        #expect(
            stopped.hasSuffix(
                "  The rest of the manifest was not read.\n  The same command with --resume does the rest."))
    }
}
