import FetchCore
import Testing
import TestSupport

@testable import Records

@Suite struct RecordReaderTests {
    private func read(_ text: String) -> RecordReader.Line {
        var reader = RecordReader()
        return reader.line(Array(text.utf8).span)
    }

    private func past(_ end: PastRecord.End, runs: Int = 1, isKnown: Bool = false) -> RecordReader.Line {
        .record(
            PastRecord(
                end, manifest: "jobs.jsonl", line: 3, firstSeen: Sample.now, runs: runs, isKnownToAPI: isKnown))
    }

    private func text(_ record: JobRecord) -> String {
        // With its newline taken off, as a reader of lines does.
        String(RecordEncoding.text(record).dropLast())
    }

    @Test func everyStatusIsReadBack() throws {
        let id = try Sample.id()
        func failure(_ code: FailureCode) -> JobFailure { JobFailure(code, at: .poll, "Why: \"quoted\".") }
        let ends: [(JobOutcome, PastRecord.End, isKnown: Bool)] = [
            (Sample.downloaded, .job(id, .downloaded(bytes: 70)), true),
            (Sample.pending, .job(id, .open), true),
            (.failed(failure(.timeout)), .job(id, .open), false),
            (.failed(failure(.forbidden)), .job(id, .open), false),
            (.failed(failure(.jobFailed)), .job(id, .closed), true),
            (.failed(failure(.notAnImageJob)), .job(id, .closed), true),
            (.duplicate(ofLine: 1, failure(.duplicateJobID)), .line(.duplicate(id)), false),
        ]
        for (outcome, end, isKnown) in ends {
            let record = try Sample.record(outcome, input: #"{"status":"x","v":2,"runs":[]}"#, runs: 4)
            #expect(read(text(record)) == past(end, runs: 4, isKnown: isKnown), "\(outcome)")
        }
    }

    @Test func stepAndCodeShowWhetherTheAPIHasKnownTheJob() throws {
        for stage in JobFailure.Stage.allCases {
            for code in FailureCode.allCases {
                let outcome = JobOutcome.failed(JobFailure(code, at: stage, "Why."))
                guard case .record(let record) = read(text(try Sample.record(outcome))) else {
                    Issue.record("\(stage), \(code) is not read back")
                    continue
                }
                let isKnown =
                    [.download, .store].contains(stage)
                    || [.stillInProgress, .jobFailed, .jobCleaned, .notAnImageJob].contains(code)
                #expect(record.isKnownToAPI == isKnown, "\(stage), \(code)")
            }
        }
    }

    @Test(arguments: [FailureCode.deadline, .interrupted], [0, 1])
    func jobThatWasPolledWhenTheRunWasEndedIsKnown(code: FailureCode, polls: Int) throws {
        let ended = try Sample.record(.pending(JobFailure(code, at: .run, "Why.")), polls: polls)
        guard case .record(let record) = read(text(ended)) else {
            Issue.record("the record is not read back")
            return
        }
        #expect(record.isKnownToAPI == (polls > 0))
    }

    @Test func everyFailureIsReadBack() throws {
        for code in FailureCode.allCases {
            let outcome = JobOutcome.failed(JobFailure(code, at: .poll, "Why."))
            let advice = try #require(RetryAdvice(for: outcome))
            let end = PastRecord.End.job(try Sample.id(), PastJobEnd(advice: advice.action))
            let isKnown = RecordStatus.failed.showsKnownJob(stage: .poll, code: code, polls: 0)
            #expect(read(text(try Sample.record(outcome))) == past(end, isKnown: isKnown))
            let invalid = JobRecord(
                entry: Sample.entry(), jobID: nil, outcome: .invalid(JobFailure(code, at: .manifest, "Why.")))
            #expect(read(text(invalid)) == past(.line(.invalid(code))))
        }
    }

    @Test(arguments: [#"{"x":"\ud83d"}"#, #"{"\udc00":1}"#, "1e999", "[-1e400]"])
    func recordOfAnyLineThatIsReadIsReadBack(input: String) throws {
        let read = read(text(try Sample.record(Sample.pending, input: input)))
        #expect(read == past(.job(try Sample.id(), .open), isKnown: true))
    }

    @Test func orderAndWhiteSpaceDoNotMatter() throws {
        let line = """
             { "runs" : 4 , "first_seen":"\(Sample.nowText)", "image":{"x":{"bytes":1},"bytes": 70}, "line":3,
             "status":"downloaded","mine":true,"manifest":"jobs.jsonl","job_id":"\(Sample.idText.uppercased())","v":1}\r
            """
        #expect(read(line) == past(.job(try Sample.id(), .downloaded(bytes: 70)), runs: 4, isKnown: true))
    }

    @Test func manifestsAreKeptApartAndMayNeedEscapes() throws {
        var reader = RecordReader()
        for name in ["a", "a", "é\"\\\n", "b", "a", ""] {
            let entry = ManifestEntry(manifest: name, line: 3, input: nil, firstSeen: Sample.now)
            #expect(try readBack(entry, by: &reader)?.manifest == name)
        }
    }

    /// What the reader, which may have read others before, says of a record of this entry.
    private func readBack(_ entry: ManifestEntry, by reader: inout RecordReader) throws -> PastRecord? {
        let record = JobRecord(entry: entry, jobID: try Sample.id(), outcome: Sample.pending)
        if case .record(let past) = reader.line(Array(text(record).utf8).span) { return past }
        return nil
    }

    @Test func firstSeenIsEachRecordsOwn() throws {
        var reader = RecordReader()
        for milliseconds in [5, 5, 7, 5] as [Int64] {
            let moment = Timestamp(milliseconds: milliseconds)
            let entry = ManifestEntry(manifest: "a", line: 3, input: nil, firstSeen: moment)
            #expect(try readBack(entry, by: &reader)?.firstSeen == moment)
        }
    }

    @Test func deepestManifestLineIsReadBack() throws {
        let input = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        let read = read(text(try Sample.record(Sample.pending, input: input)))
        #expect(read == past(.job(try Sample.id(), .open), isKnown: true))
    }

    private static let spoilings = [
        (#""v":1"#, #""v":2"#), (#""v":1,"#, ""), (#""status":"pending""#, #""status":"running""#),
        (#""status":"pending""#, #""status":"downloaded""#), (#""status":"pending""#, #""status":"invalid""#),
        (#""job_id":""#, #""job_id":"x"#), (#""job_id":"\#(Sample.idText)""#, #""job_id":null"#),
        (#""action":"rerun""#, #""action":"again""#), (#""retry":{"#, #""again":{"#), (#""runs":4"#, #""runs":0"#),
        (#""runs":4"#, #""runs":"4""#), (#""runs":4"#, #""runs":4.0"#), (#""line":3"#, #""line":0"#),
        (#""line":3"#, #""lane":3"#), (#""manifest":"jobs.jsonl""#, #""manifest":7"#),
        (#""first_seen":"2026-"#, #""first_seen":"26-"#), (#""first_seen":"#, #""last_seen":"#),
    ]

    @Test(arguments: spoilings)
    func objectThatOnlyResemblesARecordIsNone(spoiling: (String, String)) throws {
        let good = text(try Sample.record(Sample.pending, runs: 4))
        let spoiled = good.replacing(spoiling.0, with: spoiling.1)
        try #require(spoiled != good)
        #expect(read(spoiled) == .otherJSON)
    }

    @Test(arguments: ["{}", "[]", "7", #""\#(Sample.idText)""#, #"{"job_id":"\#(Sample.idText)"}"#])
    func manifestLineIsNoRecord(line: String) {
        #expect(read(line) == .otherJSON)
    }

    @Test func tornRecordIsNoJSONWhereverItIsTorn() throws {
        let good = text(try Sample.record(Sample.downloaded, input: #"{"a":1.10}"#))
        for length in 1..<good.utf8.count {
            #expect(read(String(decoding: good.utf8.prefix(length), as: UTF8.self)) == .notJSON)
        }
    }

    @Test(arguments: [
        "0", "-0", "7", "-7", "10", "007", "70", "1.0", "1e3", "1E3", "-", "", "x", "\"7\"", "true", "null", "[7]",
        "7 ",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "92233720368547758070", "18446744073709551616", "99999999999999999999999999",
    ]) func wholeNumberIsReadAsTheLibraryReadsIt(text: String) {
        #expect(Int(json: Array(text.utf8).span) == Int(text))
    }

    @Test func whatRecordsHaveInCommonDoesNotShow() throws {
        let other = JobOutcome.failed(JobFailure(.jobFailed, at: .poll, "Why."))
        let invalid = JobFailure(.invalidJSON, at: .manifest, "Why.")
        let records = [
            try Sample.record(Sample.downloaded), try Sample.record(Sample.pending), try Sample.record(other),
            JobRecord(entry: Sample.entry(), jobID: nil, outcome: .invalid(invalid)),
            JobRecord(
                entry: Sample.entry(), jobID: nil,
                outcome: .invalid(JobFailure(.missingJobID, at: .manifest, "Why."))),
        ]
        var reader = RecordReader()
        // Each after each, itself among them.
        for first in records {
            for second in records {
                for record in [first, second] {
                    #expect(reader.line(Array(text(record).utf8).span) == read(text(record)))
                }
            }
        }
    }
}
