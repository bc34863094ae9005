import FetchCore
import JSONBridge
import TestSupport
import Testing

@testable import Records

/// What is written by the table of fields is read by it again.
@Suite struct RecordFieldsTests {
    /// The record with all that a job with this end can have.
    private func record(_ outcome: JobOutcome) throws -> JobRecord {
        JobRecord(
            entry: ManifestEntry(
                manifest: "é\"\n", line: 3, input: Array(#"{"a":1.10}"#.utf8), firstSeen: Sample.now, runs: 4),
            jobID: try Sample.id(), outcome: outcome, warnings: [.jobIDNotEchoed, .irregularPNG], creditsUsed: "1.50",
            polls: 5, downloads: 6, elapsed: .milliseconds(7), waited: .milliseconds(3), downloadTime: .milliseconds(2))
    }

    /// A field of the record, read from its line.
    private func value<Value>(_ field: RecordField<Value>, _ record: JobRecord) throws -> Value? {
        let line = Array(RecordEncoding.line(for: record, finishedAt: Sample.now).dropLast())
        var outline = RecordOutline()
        try outline.read(line.span)
        return outline.value(of: field, in: line.span)
    }

    @Test func everyRecordHasItsPlaceAndItsHistory() throws {
        for outcome in [Sample.downloaded, Sample.pending] {
            let record = try record(outcome)
            #expect(try value(RecordFields.version, record) == 1)
            #expect(try value(RecordFields.jobID, record) == .some(record.jobID))
            #expect(try value(RecordFields.status, record) == outcome.status)
            #expect(try value(RecordFields.manifest, record) == record.entry.manifest)
            #expect(try value(RecordFields.line, record) == 3)
            #expect(try value(RecordFields.creditsUsed, record) == "1.50")
            #expect(try value(RecordFields.warnings, record) == record.warnings)
            #expect(try value(RecordFields.polls, record) == 5)
            #expect(try value(RecordFields.downloads, record) == 6)
            #expect(try value(RecordFields.firstSeen, record) == Sample.now)
            #expect(try value(RecordFields.finishedAt, record) == Sample.now)
            #expect(try value(RecordFields.elapsed, record) == 7)
            #expect(try value(RecordFields.waited, record) == 3)
            #expect(try value(RecordFields.downloadTime, record) == (outcome == Sample.downloaded ? 2 : nil))
            #expect(try value(RecordFields.runs, record) == 4)
            #expect(try value(RecordFields.input, record) == record.entry.input)
            #expect(try value(RecordFields.duplicateOfLine, record) == nil)
        }
    }

    @Test func nameOfTheImageIsThereIfItIsNotTheJobsOwn() throws {
        let name = try #require(ImageName("acme/a.png"))
        let image = ProvenImage(path: "images/acme/a.png", name: name, bytes: 70, width: 1, height: 2, sha256: "ab")
        let named = try record(.downloaded(image, url: Sample.imageURL))
        #expect(try value(RecordFields.imageName, named) == "acme/a.png")
        #expect(
            RecordEncoding.text(named).contains(#""image":{"path":"images/acme/a.png","name":"acme/a.png","bytes":70,"#)
        )
        #expect(try value(RecordFields.imageName, record(Sample.downloaded)) == nil)
    }

    @Test func imageIsReadBack() throws {
        let record = try record(Sample.downloaded)
        #expect(try value(RecordFields.imagePath, record) == Sample.image.path)
        #expect(try value(RecordFields.imageBytes, record) == Sample.image.bytes)
        #expect(try value(RecordFields.imageWidth, record) == Sample.image.width)
        #expect(try value(RecordFields.imageHeight, record) == Sample.image.height)
        #expect(try value(RecordFields.imageSHA256, record) == Sample.image.sha256)
        #expect(try value(RecordFields.imageURL, record) == Sample.imageURL)
        #expect(try value(RecordFields.errorCode, record) == nil)
        #expect(try value(RecordFields.retryAction, record) == nil)
    }

    @Test func errorAndAdviceAreReadBack() throws {
        let failure = JobFailure(
            .rateLimited, at: .poll, "Too \"many\".", httpStatus: 429, apiCode: "X\n", apiMessage: "é\u{1}",
            retryAfter: .seconds(100) + .milliseconds(1))
        let record = try record(.failed(failure))
        #expect(try value(RecordFields.errorStage, record) == .poll)
        #expect(try value(RecordFields.errorCode, record) == .rateLimited)
        #expect(try value(RecordFields.errorMessage, record) == failure.message)
        #expect(try value(RecordFields.errorHTTPStatus, record) == 429)
        #expect(try value(RecordFields.errorAPICode, record) == failure.apiCode)
        #expect(try value(RecordFields.errorAPIMessage, record) == failure.apiMessage)
        #expect(try value(RecordFields.retryAction, record) == .rerun)
        #expect(try value(RecordFields.retryReason, record)?.isEmpty == false)
        #expect(try value(RecordFields.retryAfter, record) == 101)
        #expect(try value(RecordFields.retryNotBefore, record) == Sample.now + .milliseconds(100_001))
        #expect(try value(RecordFields.imageBytes, record) == nil)
    }

    @Test func fieldThatItsStatusForbidsIsNotWritten() throws {
        let duplicate = try record(
            .duplicate(ofLine: 2, JobFailure(.duplicateJobID, at: .manifest, "Line 2 has it.")))
        #expect(try value(RecordFields.duplicateOfLine, duplicate) == 2)
        #expect(try value(RecordFields.polls, duplicate) == nil)
        #expect(try value(RecordFields.creditsUsed, duplicate) == nil)
        #expect(try value(RecordFields.warnings, duplicate) == nil)
        #expect(try value(RecordFields.elapsed, duplicate) == nil)
        #expect(try value(RecordFields.waited, duplicate) == nil)
    }

    @Test func membersOfAnObjectStandTogether() {
        let objects = RecordLayout.parts.compactMap { part in
            if case .object(let object, _) = part { object } else { nil }
        }
        #expect(objects == [.image, .error, .retry])
    }

    @Test(arguments: [
        (#""a""#, "a"), (#""""#, ""), (#""\u00e9\"\\\/""#, "é\"\\/"), (#""é""#, "é"), ("7", nil), ("null", nil),
        (#"["a"]"#, nil), (#""\ud83d""#, nil),
    ]) func stringIsReadAsItIsMeant(json: String, expected: String?) {
        #expect(String(json: Array(json.utf8).span) == expected)
    }
}
