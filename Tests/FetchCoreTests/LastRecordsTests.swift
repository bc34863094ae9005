import Testing

@testable import FetchCore

/// What is kept of the last record of each job, whoever says which is the last.
@Suite struct LastRecordsTests {
    private func record(_ end: PastRecord.End, line: Int = 1, in manifest: String = "a") -> PastRecord {
        PastRecord(end, manifest: manifest, line: line, firstSeen: Timestamp(milliseconds: 0), runs: 1)
    }

    /// A number is kept of each job and of each line, and counts if it is not below the one before.
    private func note(_ record: PastRecord, _ number: Int, in records: inout LastRecords<Int, Int>) {
        records.note(
            record, job: { _, before in max(number, before ?? 0) }, line: { _, before in max(number, before ?? 0) })
    }

    @Test func callerSaysWhichRecordCounts() {
        var records = LastRecords<Int, Int>()
        for number in [2, 3, 1] {
            note(record(.job(.sample(1), .open)), number, in: &records)
            note(record(.line(.invalid(.invalidJSON)), line: 7), number, in: &records)
        }
        #expect(records[.sample(1)] == 3)
        #expect(records.line(7, of: "a") == 3)
    }

    @Test func jobsAreInTheOrderInWhichTheyWereFirstKept() {
        var records = LastRecords<Int, Int>()
        for number in [5, 4, 5, 6] { note(record(.job(.sample(number), .open)), number, in: &records) }
        #expect(records.jobCount == 3)
        #expect((0..<3).map { records[place: $0].id } == [.sample(5), .sample(4), .sample(6)])
        #expect((0..<3).map { records[place: $0].kept } == [5, 4, 6])
    }

    @Test func nothingIsKeptOfWhatTheCallerHasNoUseFor() {
        var records = LastRecords<Int, Int>()
        for end in [PastRecord.End.job(.sample(1), .open), .line(.duplicate(.sample(1)))] {
            records.note(record(end), job: { _, before in before }, line: { _, before in before })
        }
        #expect(records.jobCount == 0)
        #expect(records[.sample(1)] == nil)
        #expect(records.line(1, of: "a") == nil)
    }

    @Test func lineThatIsAJobByNowIsForgotten() {
        var records = LastRecords<Int, Int>()
        note(record(.line(.invalid(.invalidJSON)), line: 7), 1, in: &records)
        note(record(.line(.invalid(.invalidJSON)), line: 7, in: "b"), 2, in: &records)
        note(record(.job(.sample(1), .open), line: 7), 3, in: &records)
        #expect(records.line(7, of: "a") == nil)
        #expect(records.line(7, of: "b") == 2)
    }
}
