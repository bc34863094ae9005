import FetchCore
import Testing
import TestSupport

@testable import Records

/// What counts when results files are put together, and in which order.
@Suite(.timeLimit(.minutes(1))) struct ResultsMergeTests: MergesResults {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
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
}
