import FetchCore
import JSONBridge
import Testing
import TestSupport

@testable import Records

@Suite struct RecordEncodingTests {
    private func names(_ record: JobRecord, within member: String? = nil) throws -> [String] {
        let line = RecordEncoding.line(for: record, finishedAt: Sample.now)
        let root = try JSONDocument(parsing: line).root
        return try #require(member.map { root[$0]?.object } ?? root.object).map(\.name)
    }

    private func record(_ outcome: JobOutcome, jobID: JobID? = JobID(Sample.idText)) -> JobRecord {
        JobRecord(entry: Sample.entry(input: "{}"), jobID: jobID, outcome: outcome)
    }

    private static let head = ["v", "job_id", "status", "manifest", "line"]

    @Test func downloadedLineIsSpelledSo() throws {
        let record = JobRecord(
            entry: Sample.entry(line: 12, input: #"{"jobid":1}"#, runs: 2), jobID: try Sample.id(),
            outcome: Sample.downloaded, warnings: [.dimensionMismatch, .jobIDNotEchoed], creditsUsed: "1.50",
            polls: 3, downloads: 1, elapsed: .milliseconds(4567), waited: .microseconds(4_001_900),
            downloadTime: .milliseconds(561))
        #expect(
            RecordEncoding.text(record, finishedAt: Timestamp(milliseconds: Sample.now.milliseconds + 1)) == """
                {"v":1,"job_id":"0b7e6f6c-52e0-4a51-9d3c-1f2a3b4c5d6e","status":"downloaded","manifest":"jobs.jsonl",\
                "line":12,"image":{"path":"images/a.png","bytes":70,"width":1,"height":2,"sha256":"ab",\
                "url":"https://host/a.png"},"ai_credits_used":1.50,\
                "warnings":["dimension_mismatch","job_id_not_echoed"],"polls":3,"downloads":1,\
                "first_seen":"2026-03-01T09:30:00.250Z","finished_at":"2026-03-01T09:30:00.251Z","elapsed_ms":4567,\
                "waited_ms":4001,"download_ms":561,"runs":2,"input":{"jobid":1}}

                """)
    }

    @Test func downloadedNeedsNoMore() throws {
        #expect(
            try names(record(Sample.downloaded))
                == Self.head + ["image", "polls", "downloads", "first_seen", "finished_at", "runs", "input"])
    }

    @Test func pendingAndFailedHaveErrorAndRetry() throws {
        let failure = JobFailure(.timeout, at: .download, "Slow.")
        for outcome in [JobOutcome.pending(failure), .failed(failure)] {
            #expect(
                try names(record(outcome))
                    == Self.head + [
                        "error", "retry", "polls", "downloads", "first_seen", "finished_at", "runs", "input",
                    ])
        }
    }

    @Test func failedKeepsCreditsAndTimes() throws {
        let record = JobRecord(
            entry: Sample.entry(), jobID: try Sample.id(), outcome: Sample.pending, warnings: [.jobIDNotEchoed],
            creditsUsed: "2", polls: 1, elapsed: .zero, waited: .zero)
        #expect(
            try names(record)
                == Self.head + [
                    "ai_credits_used", "error", "retry", "warnings", "polls", "downloads", "first_seen",
                    "finished_at", "elapsed_ms", "waited_ms", "runs",
                ])
    }

    @Test func invalidHasNoRequests() throws {
        let invalid = record(.invalid(JobFailure(.missingJobID, at: .manifest, "None.")), jobID: nil)
        #expect(
            try names(invalid) == Self.head + ["error", "retry", "first_seen", "finished_at", "runs", "input"])
        #expect(RecordEncoding.text(invalid).hasPrefix(#"{"v":1,"job_id":null,"status":"invalid","#))
    }

    @Test func duplicateSaysOfWhichLine() throws {
        let failure = JobFailure(.duplicateJobID, at: .manifest, "Line 2 has it.")
        let duplicate = record(.duplicate(ofLine: 2, failure))
        #expect(
            try names(duplicate)
                == Self.head + [
                    "error", "retry", "duplicate_of_line", "first_seen", "finished_at", "runs", "input",
                ])
        #expect(RecordEncoding.text(duplicate).contains(#""duplicate_of_line":2,"#))
    }

    @Test func errorKeepsWhatTheAPISaid() throws {
        #expect(try names(record(Sample.pending), within: "error") == ["stage", "code", "message"])
        let failure = JobFailure(
            .jobFailed, at: .poll, "The job failed.", httpStatus: 200, apiCode: "X\n\"", apiMessage: "é\u{1}/")
        let failed = record(.failed(failure))
        #expect(
            RecordEncoding.text(failed).contains(
                #""error":{"stage":"poll","code":"job_failed","message":"The job failed.","http_status":200,"#
                    + #""api_code":"X\n\"","api_message":"é\u0001/"}"#))
    }

    @Test func rerunSaysWhen() throws {
        let failure = JobFailure(
            .rateLimited, at: .poll, "Too many.", retryAfter: .seconds(100) + .milliseconds(1))
        let failed = record(.failed(failure))
        #expect(
            try names(failed, within: "retry") == ["action", "reason", "after_seconds", "not_before"])
        #expect(
            RecordEncoding.text(failed).contains(
                #""retry":{"action":"rerun","reason":"About apiLimitsRequests.","after_seconds":101,"not_before":"2026-03-01T09:31:40.251Z"}"#
            ))
    }

    @Test func otherAdviceHasNoTime() throws {
        for code in [FailureCode.jobNotFound, .unauthorized, .notAnImageJob] {
            let failed = record(.failed(JobFailure(code, at: .poll, "No.")))
            #expect(try names(failed, within: "retry") == ["action", "reason"])
        }
    }

    @Test(arguments: ["", "x", "NaN", "1.", "\"1\"", "1}"])
    func creditsThatAreNoNumberAreLeftOut(credits: String) throws {
        let record = JobRecord(
            entry: Sample.entry(), jobID: try Sample.id(), outcome: Sample.downloaded, creditsUsed: credits)
        #expect(try !names(record).contains("ai_credits_used"))
    }

    @Test func inputKeepsItsDigitsAndBlanks() throws {
        let input = #"{"job_id":"\#(Sample.idText)","n":12345678901234567890,"x":1.10,  "s":"\u00e9\/"}"#
        #expect(
            RecordEncoding.text(try Sample.record(Sample.pending, input: input)).hasSuffix(",\"input\":\(input)}\n"))
    }

    @Test func recordIsOneLine() throws {
        let failure = JobFailure(.serverError, at: .poll, "a\nb\r\u{2028}")
        let text = RecordEncoding.text(try Sample.record(.failed(failure), input: "{}"))
        #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(text.hasSuffix("}\n"))
    }
}
