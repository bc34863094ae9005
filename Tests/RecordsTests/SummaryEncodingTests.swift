import FetchCore
import JSONBridge
import Testing
import TestSupport

@testable import Records

@Suite struct SummaryEncodingTests {
    private func text(_ account: RunAccount) -> String {
        String(decoding: SummaryEncoding.object(for: account).encoded(), as: UTF8.self)
    }

    @Test func everyTotalIsThereInItsOrder() {
        #expect(
            text(.sample(unreadable: ["the manifest x could not be read: gone"])) == #"""
                {"v":1,"program_version":"1.2.3","started_at":"2026-03-01T09:30:00.250Z",\#
                "finished_at":"2026-03-01T09:31:01.255Z","elapsed_ms":61005,"exit_status":66,\#
                "manifests":["jobs.jsonl","-"],"manifests_exhausted":true,\#
                "unreadable":["the manifest x could not be read: gone"],"results":"results.jsonl","records":7,\#
                "by_status":{"downloaded":2,"pending":1,"failed":2,"invalid":1,"duplicate":1},\#
                "by_action":{"rerun":1,"resubmit":1,"fix":2,"none":1},\#
                "by_code":{"invalid_json":1,"duplicate_job_id":1,"still_in_progress":1,"job_failed":2},\#
                "settled":{"downloaded":0,"pending":0,"failed":0,"invalid":0,"duplicate":0},\#
                "tolerated":0,"polls":14,"downloads":7,"bytes":140,"credits_used":0.7}
                """#)
    }

    @Test(
        arguments: [
            (nil, nil, nil, 75), (.deadline, nil, ("deadline", "The deadline passed."), 75),
            (.signal(15), nil, ("signal", "SIGTERM came."), 143),
            (.credentials(JobFailure(.unauthorized, at: .poll, "No.")), nil, ("credentials", "No."), 77),
            (.storage(JobFailure(.diskFull, at: .store, "Full.")), nil, ("storage", "Full."), 74),
            (nil, .resultsNotWritten("full"), ("results_lost", "full"), 74),
            (.deadline, .resultsClosed, ("results_closed", "The reader of the results went away."), 141),
            (.signal(2), .resultsNotWritten("full"), ("signal", "SIGINT came."), 130),
        ] as [(StopReason?, RunFailure?, (String, String)?, Int)])
    func earlyEndIsNamed(stop: StopReason?, failure: RunFailure?, end: (String, String)?, status: Int) {
        let text = text(.sample(stop: stop, failure: failure))
        #expect(text.contains(#""exit_status":\#(status),"#))
        if let end {
            #expect(text.contains(#","stopped_by":"\#(end.0)","stop_reason":"\#(end.1)","#))
        } else {
            #expect(!text.contains("stopped_by"))
        }
    }

    @Test(arguments: [
        (0, "0"), (145, "145"), (0.1 + 0.2, "0.3"), (1.0 / 3, "0.333333"), (-2.5, "-2.5"),
        (1e9 + 0.25, "1000000000.25"),
        (1e18, "1e+18"), (.infinity, "inf"),
    ])
    func sumsHaveNoNoise(value: Double, text: String) {
        #expect(DecimalText.spelling(value) == text)
    }

    @Test func sumBeyondAllNumbersIsLeftOut() {
        var summary = RunSummary()
        for _ in 0..<2 {
            summary.add(
                JobRecord(entry: Sample.entry(), jobID: nil, outcome: Sample.pending, creditsUsed: "1.7e308"))
        }
        let report = RunReport(
            summary: summary, stop: nil, failure: nil, manifestExhausted: true, unreadable: [], elapsed: .zero)
        let account = RunAccount(
            of: report, manifests: ["-"], results: "-", version: "1", startedAt: Sample.now, finishedAt: Sample.now,
            exitStatus: { $0.sampleStatus })
        #expect(text(account).hasSuffix(#""bytes":0}"#))
        #expect(
            !MetricsEncoding.text(for: account, run: "x", lastSuccess: nil).contains("pictory_fetch_credits_used"))
    }
}
