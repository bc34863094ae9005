import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Records

/// What counts when results files are put together, and in which order.
@Suite(.timeLimit(.minutes(1))) struct ResultsMergeTests {
    private let folder: TemporaryFolder
    private static let hour: Int64 = 3_600_000

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func id(_ number: Int) throws -> JobID {
        let digits = String(number, radix: 16)
        return try Sample.id("00000000-0000-0000-0000-\(String(repeating: "0", count: 12 - digits.count))\(digits)")
    }

    private static func entry(_ line: Int, of manifest: String = "a.jsonl") -> ManifestEntry {
        ManifestEntry(manifest: manifest, line: line, input: nil, firstSeen: Sample.now)
    }

    /// The line of a record that was finished `hours` after the others.
    private static func line(
        job: Int?, at line: Int, of manifest: String = "a.jsonl", _ outcome: JobOutcome, hours: Int64 = 0,
        polls: Int = 1, credits: String? = nil, waited: Duration? = nil, downloadTime: Duration? = nil
    ) throws -> String {
        let record = JobRecord(
            entry: entry(line, of: manifest), jobID: try job.map(id), outcome: outcome, creditsUsed: credits,
            polls: polls, downloads: polls, elapsed: .seconds(60), waited: waited, downloadTime: downloadTime)
        return RecordEncoding.text(
            record, finishedAt: Timestamp(milliseconds: Sample.now.milliseconds + hours * hour))
    }

    private static let done = Sample.downloaded
    private static let noRecord = JobOutcome.pending(JobFailure(.noRecord, at: .run, "None."))
    private static let invalid = JobOutcome.invalid(JobFailure(.invalidJSON, at: .manifest, "No JSON."))

    private static func duplicate(of line: Int) -> JobOutcome {
        .duplicate(ofLine: line, JobFailure(.duplicateJobID, at: .manifest, "Again."))
    }

    private struct Merged {
        let text: String
        let summary: RunSummary
        let told: [String]
        let unreadable: [String]
        var end: RunEnd {
            RunEnd(
                of: RunReport(
                    summary: summary, stop: nil, failure: nil, manifestExhausted: true, unreadable: unreadable,
                    elapsed: .zero))
        }
    }

    private final class Told {
        var sentences: [String] = []
    }

    /// Merges files of these contents; with `manifest`, along its lines.
    private func merge(_ files: [String], along manifest: [ManifestItem]? = nil) throws -> Merged {
        let paths = try files.enumerated().map { try folder.write($1, to: "r\($0)") }
        return try merge(paths: paths, along: manifest)
    }

    private func merge(paths: [String], along manifest: [ManifestItem]? = nil) throws -> Merged {
        let told = Told()
        unlink(folder("merged"))
        var output = try MergedOutput(folder("merged"), replacing: false)
        var merge = ResultsMerge(
            of: paths, temporaryDirectory: folder(""), words: Sample.words, tell: { told.sentences.append($0) })
        merge.read()
        let summary =
            if let manifest {
                try merge.write(to: &output, along: Lines(items: manifest), now: Sample.now)
            } else {
                try merge.write(to: &output)
            }
        try output.finish(durability: .full)
        let names = told.sentences.map { $0.replacing(folder(""), with: "") }
        return Merged(
            text: try folder.text("merged"), summary: summary, told: names,
            unreadable: merge.unreadable.map { $0.replacing(folder(""), with: "") })
    }

    /// A manifest in memory, read in small pieces.
    private final class Lines: ManifestSource, @unchecked Sendable {
        private var rest: ArraySlice<ManifestItem>

        init(items: [ManifestItem]) {
            rest = items[...]
        }

        func read(upTo limit: Int) -> ManifestBatch {
            defer { rest = rest.dropFirst(2) }
            return ManifestBatch(items: Array(rest.prefix(2)), ended: rest.count <= 2)
        }

        func stop() {}
        var unreadable: [String] { [] }
    }

    @Test func recordsAreOrderedByManifestAndLineAndPassedOnAsTheyAre() throws {
        let first = try Self.line(job: 1, at: 9, of: "b.jsonl", Self.done)
        let second = try Self.line(job: 2, at: 3, of: "b.jsonl", Sample.pending)
        let third = try Self.line(job: nil, at: 2, Self.invalid).replacing("\"line\":2", with: "\"line\" : 2")
        let fourth = try Self.line(job: 4, at: 1, Self.done)
        let merged = try merge(["", first + third, "\u{FEFF}" + fourth + "\r\n" + second.dropLast()])
        #expect(merged.text == second + first + fourth + third)
        #expect(merged.told.isEmpty)
        #expect(merged.unreadable.isEmpty)
        #expect(merged.summary.count(of: .downloaded) == 2)
        #expect(merged.summary.count(of: .invalid) == 1)
        #expect(merged.end == .jobsLeft)
    }

    /// An editor may have left it.
    @Test func whiteSpaceAroundARecordDoesNotMatter() throws {
        let line = try Self.line(job: 1, at: 1, Self.done)
        let merged = try merge([" \t" + line.dropLast() + " \r\r\n"])
        #expect(merged.told.isEmpty && merged.unreadable.isEmpty)
        #expect(merged.text.contains(line.dropLast()))
        #expect(merged.summary.count(of: .downloaded) == 1)
    }

    @Test func recordThatWasFinishedLastCounts() throws {
        let early = try Self.line(job: 1, at: 1, Sample.pending, credits: "5")
        let late = try Self.line(job: 1, at: 7, of: "b.jsonl", Self.done, hours: 1, polls: 3, credits: "2.5")
        for files in [[early, late], [late, early], [early + late], [late + early + early]] {
            let merged = try merge(files)
            #expect(merged.text == late)
            #expect(merged.summary.creditsUsed == 2.5)
            #expect(merged.summary.polls == (files.joined() == late + early + early ? 5 : 4))
            #expect(merged.summary.bytes == 70)
            #expect(merged.end == .complete)
        }
        let equal = try Self.line(job: 1, at: 2, Sample.pending)
        #expect(try merge([early, equal]).text == equal)
        #expect(try merge([equal, early]).text == early)
    }

    @Test func timesAreThoseOfTheRecordsThatCount() throws {
        let early = try Self.line(job: 1, at: 1, Sample.pending, waited: .seconds(9))
        let late = try Self.line(
            job: 1, at: 1, Self.done, hours: 1, waited: .milliseconds(2500), downloadTime: .milliseconds(40))
        let other = try Self.line(job: 2, at: 2, Self.done, waited: .zero, downloadTime: .seconds(100 * 86_400))
        // Of an earlier version.
        let without = try Self.line(job: 3, at: 3, Self.done)
        for manifest in [nil, try (1...3).map { ManifestItem.job(try Self.id($0), Self.entry($0)) }] {
            let summary = try merge([late, early + other, without], along: manifest).summary
            #expect(summary.waits.count == 2)
            #expect(summary.waits.sum == .milliseconds(2500))
            #expect(summary.downloadTimes.count == 2)
            // One that is longer than any download is cut.
            #expect(summary.downloadTimes.sum == .milliseconds(UInt32.max - 1) + .milliseconds(40))
        }
    }

    @Test(arguments: ["-1", "1.5", "\"1\"", "null", "1e3"])
    func timeOfAnotherFormCountsAsAbsent(time: String) throws {
        let record = try Self.line(job: 1, at: 1, Self.done, waited: .milliseconds(7), downloadTime: .milliseconds(7))
            .replacing("_ms\":7", with: "_ms\":\(time)")
        let summary = try merge([record]).summary
        #expect(summary.waits.count == 0)
        #expect(summary.downloadTimes.count == 0)
    }

    @Test func placeholderLosesToAnyOther() throws {
        let nothing = try Self.line(job: 1, at: 1, Self.noRecord, hours: 9, polls: 0)
        let older = try Self.line(job: 1, at: 1, Sample.pending)
        let newer = try Self.line(job: 1, at: 1, Self.noRecord, hours: 10, polls: 0)
        #expect(try merge([nothing, older]).text == older)
        #expect(try merge([older, nothing]).text == older)
        #expect(try merge([newer, nothing]).text == newer)
    }

    @Test func lineThatBecameAJobLaterIsOneOnly() throws {
        let wrong = try Self.line(job: nil, at: 1, Self.invalid)
        let right = try Self.line(job: 1, at: 1, Self.done, hours: 1)
        #expect(try merge([wrong, right]).text == right)
        #expect(try merge([right, wrong]).text == right)
        // The other way round the line names another job no more, and the job keeps its record.
        let wrongLater = try Self.line(job: nil, at: 1, Self.invalid, hours: 2)
        #expect(try merge([right, wrongLater]).text == right + wrongLater)
        #expect(try merge([wrongLater, right]).text == right + wrongLater)
    }

    @Test func whatCountsDoesNotDependOnTheOrderOfTheFiles() throws {
        let records = try [
            Self.line(job: nil, at: 1, Self.invalid, hours: 3), Self.line(job: 1, at: 1, Self.done, hours: 4),
            Self.line(job: nil, at: 1, JobOutcome.invalid(JobFailure(.missingJobID, at: .manifest, "No id."))),
            Self.line(job: 1, at: 2, Self.done, hours: 5), Self.line(job: 2, at: 1, Sample.pending, hours: 1),
            Self.line(job: 2, at: 4, Self.duplicate(of: 1), hours: 2),
        ]
        let merged = try merge(records)
        var order = records
        for _ in records.indices {
            order.append(order.removeFirst())
            #expect(try merge(order).summary == merged.summary)
            order.swapAt(1, 4)
            #expect(try merge(order).summary == merged.summary)
        }
        // The line was a job once, and that job's record is of another line now.
        #expect(merged.text == records[4] + records[0] + records[3] + records[5])
    }

    @Test func linesOfStandardInputAreOthersInEachRun() throws {
        let wrong = try Self.line(job: nil, at: 1, of: "-", Self.invalid)
        let right = try Self.line(job: 1, at: 1, of: "-", Self.done, hours: 1)
        #expect(try merge([wrong, right]).text == right + wrong)
        #expect(try merge([right, wrong]).end == .jobsFailed)
    }

    @Test func absurdCountsAreCutAndDoNotOverflow() throws {
        let record = try Self.line(job: 1, at: 1, Self.done)
            .replacing("\"polls\":1", with: "\"polls\":9007199254740992")
        #expect(try merge([String(repeating: record, count: 2000)]).summary.polls == 2000 << 40)
    }

    @Test func duplicateHasAnImageIfItsJobHasOne() throws {
        let again = try Self.line(job: 1, at: 2, Self.duplicate(of: 1))
        let done = try merge([again + Self.line(job: 1, at: 1, Self.done)])
        #expect(done.end == .complete)
        #expect(done.summary.linesWithoutImage == 0)
        let left = try merge([again + Self.line(job: 1, at: 1, Sample.pending)])
        #expect(left.end == .jobsLeft)
        #expect(left.summary.linesWithoutImage == 2)
        let alone = try merge([again])
        #expect(alone.end == .jobsFailed)
        #expect(alone.summary.linesWithoutImage == 1)
    }

    @Test func whatIsNoRecordIsToldAndPassedOver() throws {
        let record = try Self.line(job: 1, at: 1, Self.done)
        let other = try Self.line(job: 2, at: 2, Self.done)
        let merged = try merge([
            "text\n{}\n\n[]\n" + record + record.prefix(40) + other + "\0\0", other.prefix(90) + "\n" + other,
        ])
        #expect(merged.text == record + other)
        #expect(
            merged.told == [
                "the results file r0: 5 lines are no result records and are passed over: 1 to 2, 4, 6 to 7",
                "the results file r1: line 1 is no result record and is passed over",
            ])
        #expect(merged.unreadable.isEmpty)
    }

    @Test func manyLinesThatAreNoRecordsAreToldInOneSentence() throws {
        let record = try Self.line(job: 1, at: 1, Self.done)
        let merged = try merge([
            String(repeating: record + "{}\n", count: 2000), "[]\n[]\n" + record,
        ])
        #expect(
            merged.told == [
                "the results file r0: 2,000 lines are no result records and are passed over: 2, 4, 6, 8, 10 and further ones",
                "the results file r1: lines 1 to 2 are no result records and are passed over",
            ])
    }

    @Test func fileWithoutARecordIsUnreadableAndTheRestIsDone() throws {
        let record = try Self.line(job: 1, at: 1, Self.done)
        let paths = try [
            folder.write("{}\n{}\n", to: "foreign"), folder.write("\u{1F}\u{8B}\u{8}text", to: "zipped"),
            folder("missing"), folder(""), folder.write("", to: "empty"), folder.write(record, to: "good"),
        ]
        let merged = try merge(paths: paths)
        #expect(merged.text == record)
        #expect(merged.told.isEmpty)
        #expect(merged.unreadable.count == 4, "\(merged.unreadable)")
        #expect(merged.end == .manifestUnreadable)
    }

    @Test func pipeIsReadOnceAndItsRecordsTwice() throws {
        let lines = try (1...60).map { try Self.line(job: $0, at: 61 - $0, Self.done) }
        let pipe = try Pipe()
        try pipe.write(lines.joined())
        pipe.closeWriteEnd()
        #expect(try merge(paths: [pipe.readPath]).text == lines.reversed().joined())
        #expect(try folder.names() == ["merged"])
    }

    @Test func everyLineOfTheManifestHasOneRecord() throws {
        let job = { (number: Int, line: Int) -> ManifestItem in .job(try! Self.id(number), Self.entry(line)) }
        let bad = ManifestItem.invalid(Self.entry(4), JobFailure(.invalidJSON, at: .manifest, "No JSON."))
        let other = ManifestItem.invalid(Self.entry(5), JobFailure(.missingJobID, at: .manifest, "No id."))
        let manifest = [job(3, 1), job(1, 2), job(3, 3), bad, other, job(9, 6), job(1, 7), job(9, 8)]
        let one = try Self.line(job: 1, at: 77, of: "elsewhere", Self.done)
        let three = try Self.line(job: 3, at: 1, Sample.pending)
        let wrong = try Self.line(job: nil, at: 4, Self.invalid)
        // Its code is another one by now.
        let outdated = try Self.line(job: nil, at: 5, Self.invalid)
        let again = try Self.line(job: 3, at: 3, Self.duplicate(of: 1))
        let stranger = try Self.line(job: 5, at: 10, Self.done)
        let merged = try merge([one + three + stranger, wrong + outdated + again], along: manifest)
        let lines = merged.text.split(separator: "\n").map { String($0) + "\n" }
        #expect(lines.count == manifest.count)
        #expect(lines[0] == three)
        #expect(lines[1] == one)
        #expect(lines[2] == again)
        #expect(lines[3] == wrong)
        #expect(lines[4].contains(#""status":"invalid""#) && lines[4].contains("missing_job_id"))
        #expect(lines[5].contains(#""code":"no_record""#) && lines[5].contains(#""runs":0"#))
        #expect(lines[6].contains(#""status":"duplicate""#) && lines[6].contains(#""duplicate_of_line":2"#))
        #expect(lines[7].contains(#""status":"duplicate""#) && lines[7].contains(#""duplicate_of_line":6"#))
        #expect(merged.told == ["the results file r0: no line of the manifests names the job \(try Self.id(5))"])
        #expect(merged.summary.records == manifest.count)
        #expect(merged.summary.linesWithoutImage == 6)
        #expect(merged.summary.downloads == 3)
        #expect(merged.end == .jobsLeft)
    }

    @Test func fileThatIsCutShortMeanwhileEndsTheMerge() throws {
        let path = try folder.write(try Self.line(job: 1, at: 1, Self.done), to: "r0")
        var merge = ResultsMerge(of: [path], temporaryDirectory: folder(""), words: Sample.words, tell: { _ in })
        merge.read()
        _ = try folder.write("", to: "r0")
        do {
            var output = try MergedOutput(folder("merged"), replacing: false)
            #expect(throws: MergeError.self) { try merge.write(to: &output) }
        }
        #expect(folder.status("merged") == nil)
    }

    @Test func fileThatIsWrittenOverMeanwhileEndsTheMerge() throws {
        let line = try Self.line(job: 1, at: 1, Self.done)
        let path = try folder.write(line, to: "r0")
        var merge = ResultsMerge(of: [path], temporaryDirectory: folder(""), words: Sample.words, tell: { _ in })
        merge.read()
        _ = try folder.write(String(repeating: "x", count: line.utf8.count), to: "r0")
        var output = try MergedOutput(folder("merged"), replacing: false)
        #expect(throws: MergeError.self) { try merge.write(to: &output) }
    }

    @Test func moreFilesThanMayBeOpenAreRead() throws {
        let files = try (1...230).map { try Self.line(job: $0, at: 231 - $0, Self.done) }
        #expect(try merge(files).text == files.reversed().joined())
    }
}
