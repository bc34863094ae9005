import FetchCore
import Records
import Testing
import TestSupport

@testable import Manifests

@Suite struct EarlierRecordTests {
    private static let later = Timestamp(milliseconds: Sample.now.milliseconds + 86_400_000)

    /// The line that a record is, read by a run one day later.
    private func readBack(_ record: JobRecord) -> ManifestItem {
        let line = RecordEncoding.line(for: record, finishedAt: Sample.now)
        return ManifestLineParser.item(
            of: Array(line.dropLast()).span, manifest: "-", line: 9, now: Self.later)
    }

    @Test func failureCanBePipedBack() throws {
        let input = #"{"job_id":"\#(Sample.idText)","n":12345678901234567890,"x":1.10}"#
        let item = readBack(try Sample.record(Sample.pending, input: input, runs: 4))
        #expect(item.id == (try Sample.id()))
        #expect(item.input == input)
        #expect(item.entry.firstSeen == Sample.now)
        #expect(item.entry.runs == 5)
        #expect(item.entry.manifest == "-")
        #expect(item.entry.line == 9)
    }

    @Test func recordShowsWhetherTheAPIHasKnownTheJob() throws {
        let unknown = JobOutcome.failed(JobFailure(.timeout, at: .poll, "Why."))
        let known = JobOutcome.failed(JobFailure(.timeout, at: .download, "Why."))
        #expect(try readBack(Sample.record(Sample.pending)).entry.isKnownToAPI)
        #expect(try readBack(Sample.record(Sample.downloaded)).entry.isKnownToAPI)
        #expect(try readBack(Sample.record(known)).entry.isKnownToAPI)
        #expect(try !readBack(Sample.record(unknown)).entry.isKnownToAPI)
        let ended = JobOutcome.pending(JobFailure(.deadline, at: .run, "Why."))
        #expect(try readBack(Sample.record(ended, polls: 2)).entry.isKnownToAPI)
        #expect(try !readBack(Sample.record(ended, polls: 0)).entry.isKnownToAPI)
        // The line of the earlier run was a reply of the API.
        let reply = #"{"job_id":"\#(Sample.idText)","success":true,"data":{"status":"in-progress"}}"#
        #expect(try readBack(Sample.record(unknown, input: reply)).entry.isKnownToAPI)
        #expect(readBack(invalidRecord(input: reply)).entry.isKnownToAPI)
    }

    @Test func digitsSurviveManyRuns() throws {
        expectSurvivesManyRuns(#"{"job_id":"\#(Sample.idText)","n":12345678901234567890,"x":1.10}"#)
    }

    /// Each run reads the record of the run before, and carries its input on.
    private func expectSurvivesManyRuns(_ input: String) {
        var item = Sample.item(input)
        for run in 2...5 {
            let record = JobRecord(entry: item.entry, jobID: item.id, outcome: Sample.pending)
            #expect(RecordEncoding.text(record).hasSuffix(#""input":\#(input)}"# + "\n"))
            item = readBack(record)
            #expect(item.entry.runs == run)
            #expect(item.entry.firstSeen == Sample.now)
            #expect(item.input == input)
        }
    }

    @Test func halfAnEmojiSurvivesManyRuns() throws {
        expectSurvivesManyRuns(#"{"job_id":"\#(Sample.idText)","prompt":"a cat \ud83d","\ude00":1e999}"#)
        let invalid = #"{"job_id":"x\ud83d"}"#
        #expect(readBack(invalidRecord(input: invalid)).failure?.code == .invalidJobID)
        #expect(readBack(invalidRecord(input: invalid)).input == invalid)
    }

    @Test func recordOfABareStringHasNoInput() throws {
        let item = readBack(try Sample.record(Sample.pending))
        #expect(item.id == (try Sample.id()))
        #expect(item.input == nil)
        #expect(item.entry.runs == 2)
    }

    private func invalidRecord(input: String?) -> JobRecord {
        JobRecord(
            entry: Sample.entry(input: input, runs: 2), jobID: nil,
            outcome: .invalid(JobFailure(.missingJobID, at: .manifest, "None.")))
    }

    @Test func recordOfAnInvalidLineIsJudgedByItsInput() throws {
        let wrong = readBack(invalidRecord(input: #"{"job_id":"abc"}"#))
        #expect(wrong.failure?.code == .invalidJobID)
        #expect(wrong.input == #"{"job_id":"abc"}"#)
        #expect(wrong.entry.runs == 3)
        #expect(wrong.entry.firstSeen == Sample.now)

        let corrected = readBack(invalidRecord(input: #"{"jobId":"\#(Sample.idText)"}"#))
        #expect(corrected.id == (try Sample.id()))
        #expect(corrected.input == #"{"jobId":"\#(Sample.idText)"}"#)
        #expect(corrected.entry.runs == 3)
    }

    @Test func columnsCountFromTheStartOfTheRecord() throws {
        let record = invalidRecord(input: #"{"job_id":"abc"}"#)
        let text = RecordEncoding.text(record)
        let place = try #require(text.utf8.firstRange(of: #""abc""#.utf8)).lowerBound
        let column = text.utf8.distance(from: text.startIndex, to: place) + 1
        #expect(readBack(record).failure?.message.contains("at column \(column) there") == true)
    }

    @Test func recordOfALineThatWasNotJSONStaysInvalid() {
        let item = readBack(invalidRecord(input: nil))
        #expect(item.failure?.code == .missingJobID)
        #expect(item.input == nil)
        #expect(item.entry.runs == 3)
    }

    private static let marks = [
        (#""v":1"#, #""v":2"#), (#""status":"pending""#, #""status":"running""#), (#""runs":4"#, #""runs":"4""#),
        (#""finished_at":"2026-03-01T09:30:00.250Z""#, #""finished_at":null"#),
    ]

    @Test(arguments: marks)
    func objectThatOnlyResemblesARecordIsTheUsersOwn(mark: (String, String)) throws {
        let text = RecordEncoding.text(try Sample.record(Sample.pending, input: #"{"a":1}"#, runs: 4)).dropLast()
        let changed = String(text).replacing(mark.0, with: mark.1)
        try #require(changed != text)
        let item = Sample.item(changed)
        #expect(item.id == (try Sample.id()))
        #expect(item.input == changed)
        #expect(item.entry.runs == 1)
    }

    @Test func repeatedFieldOfARecordIsRefused() throws {
        let text = String(RecordEncoding.text(try Sample.record(Sample.pending, runs: 4)).dropLast())
        for field in [#""runs":4"#, #""input":1,"input":2"#, #""job_id":"\#(Sample.idText)""#] {
            let changed = "{\(field),\(text.dropFirst())"
            let item = Sample.item(changed)
            #expect(item.failure?.code == .invalidJSON)
            #expect(item.failure?.message.contains("stands more than once") == true)
            #expect(item.input == changed)
        }
    }

    @Test func absurdHistoryIsTakenForTheNearestThatMakesSense() throws {
        let text = String(RecordEncoding.text(try Sample.record(Sample.pending, runs: 4)).dropLast())
        for (runs, expected) in [("-7", 1), ("0", 1), ("\(Int.max)", Int.max)] {
            #expect(Sample.item(text.replacing(#""runs":4"#, with: #""runs":\#(runs)"#)).entry.runs == expected)
        }
        let undated = text.replacing(#""first_seen":"2026"#, with: #""first_seen":"some2026"#)
        #expect(Sample.item(undated).entry.firstSeen == Sample.now)
    }

    /// What its input names may be another job than the one that was meant.
    @Test func recordWithABadJobIDStaysInvalidHoweverOftenItIsRead() throws {
        let input = #"{"job_id":"\#(Sample.otherIDText)"}"#
        let text = String(RecordEncoding.text(try Sample.record(Sample.pending, input: input, runs: 4)).dropLast())
        let damaged = text.replacing(Sample.idText, with: "abc")
        var item = Sample.item(damaged)
        for run in 5...7 {
            let failure = try #require(item.failure)
            #expect(failure.code == .invalidJobID)
            #expect(item.input == damaged)
            #expect(item.entry.runs == run)
            item = readBack(JobRecord(entry: item.entry, jobID: nil, outcome: .invalid(failure)))
        }
    }

    /// A value within as many arrays.
    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test func recordOfTheDeepestLineIsAManifestLine() throws {
        let input = #"{"job_id":"\#(Sample.idText)","a":\#(Self.nested(63))}"#
        #expect(Sample.item(input).id == (try Sample.id()))
        let item = readBack(try Sample.record(Sample.pending, input: input))
        #expect(item.id == (try Sample.id()))
        #expect(item.input == input)
        #expect(item.entry.runs == 2)
    }

    @Test func recordThatIsKeptWholeIsNoDeeperThanALine() throws {
        let input = #"{"a":\#(Self.nested(63))}"#
        let text = String(RecordEncoding.text(try Sample.record(Sample.pending, input: input)).dropLast())
        let item = Sample.item(text.replacing(Sample.idText, with: "abc"))
        #expect(item.failure?.code == .invalidJSON)
        #expect(item.input == nil)
    }

    @Test func noOtherLineIsDeeperThanTheLimit() {
        let item = Sample.item(#"{"job_id":"\#(Sample.idText)","a":\#(Self.nested(64))}"#)
        #expect(item.failure?.code == .invalidJSON)
        #expect(item.input == nil)
    }
}
