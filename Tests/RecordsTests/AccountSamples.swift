import FetchCore
import TestSupport

@testable import Records

extension RunAccount {
    /// A run with an end of every kind.
    static func sample(
        _ outcomes: [JobOutcome] = [
            Sample.downloaded, Sample.downloaded, Sample.pending,
            .failed(JobFailure(.jobFailed, at: .poll, "It failed.")),
            .failed(JobFailure(.jobFailed, at: .poll, "No credits.", apiCode: "INSUFFICIENT_CREDITS")),
            .invalid(JobFailure(.invalidJSON, at: .manifest, "No JSON.")),
            .duplicate(ofLine: 1, JobFailure(.duplicateJobID, at: .manifest, "Again.")),
        ],
        stop: StopReason? = nil, failure: RunFailure? = nil, unreadable: [String] = [], finishedAt: Int64 = 0
    ) -> RunAccount {
        var summary = RunSummary()
        for outcome in outcomes {
            summary.add(
                JobRecord(
                    entry: Sample.entry(), jobID: nil, outcome: outcome, creditsUsed: "0.1", polls: 2, downloads: 1))
        }
        let report = RunReport(
            summary: summary, stop: stop, failure: failure, manifestExhausted: stop == nil, unreadable: unreadable,
            elapsed: .milliseconds(61_005))
        return RunAccount(
            of: report, manifests: ["jobs.jsonl", "-"], results: "results.jsonl", version: "1.2.3",
            startedAt: Sample.now, finishedAt: Sample.now + .milliseconds(61_005 + finishedAt),
            exitStatus: { $0.sampleStatus })
    }
}

extension RunEnd {
    /// The number that the program has for it.
    var sampleStatus: Int32 {
        switch self {
        case .complete: 0
        case .jobsFailed: 1
        case .manifestUnreadable: 66
        case .outputLost: 74
        case .jobsLeft: 75
        case .keyRejected: 77
        case .stopped(let number): 128 + number
        case .readerGone: 141
        }
    }
}
