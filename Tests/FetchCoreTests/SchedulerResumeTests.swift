import Testing
import TestRandom

@testable import FetchCore

/// A run that carries on from the records of earlier ones.
@Suite struct SchedulerResumeTests {
    /// A world whose manifest was judged by the records that an earlier world left, with these images on disk.
    private func resumed(
        _ lines: [ManifestItem], after records: [JobRecord], images: Set<JobID> = [], policy: RunPolicy = RunPolicy(),
        poll: @escaping (JobID, Int) -> Result<PollReply, JobFailure> = { _, _ in .completed }
    ) -> SchedulerWorld {
        var index = JournalIndex()
        for record in records { index.note(PastRecord(record)) }
        var world = SchedulerWorld(policy: policy, jobs: [], poll: poll)
        world.lines = lines.map { line in
            index.judge(line) { id, _ in images.contains(id) ? ProvenImage.sample.bytes : nil }
        }
        world.run()
        return world
    }

    /// A world that runs for the first time.
    private func first(
        _ lines: [ManifestItem], poll: @escaping (JobID, Int) -> Result<PollReply, JobFailure> = { _, _ in .completed }
    ) -> SchedulerWorld {
        resumed(lines, after: [], poll: poll)
    }

    private func jobs(_ numbers: [Int]) -> [ManifestItem] {
        numbers.enumerated().map { .job(.sample($1), .sample(line: $0 + 1)) }
    }

    private func invalid(line: Int, _ code: FailureCode = .invalidJSON) -> ManifestItem {
        .invalid(.sample(line: line), JobFailure(code, at: .manifest, "no"))
    }

    private func end(of world: SchedulerWorld) -> RunEnd {
        let report = RunReport(
            summary: world.scheduler.summary, stop: world.scheduler.stop, failure: nil,
            manifestExhausted: world.scheduler.manifestExhausted, unreadable: [], elapsed: .zero)
        return RunEnd(of: report)
    }

    @Test func secondRunAfterAGoodOneAsksNothingAndWritesNothing() {
        let lines = jobs([1, 2, 1, 3])
        let before = first(lines)
        let world = resumed(lines, after: before.records, images: Set(JobID.samples(3)))
        #expect(world.finished)
        #expect(world.broken.isEmpty)
        #expect(world.log.isEmpty)
        #expect(world.records.isEmpty)
        #expect(world.scheduler.summary.settled(as: .downloaded) == 3)
        #expect(world.scheduler.summary.settled(as: .duplicate) == 1)
        #expect(end(of: world) == .complete)
    }

    @Test func onlyTheImageThatIsMissingIsFetchedAgain() {
        let lines = jobs([1, 2, 3])
        let world = resumed(lines, after: first(lines).records, images: [.sample(1), .sample(3)])
        #expect(world.records.map(\.jobID) == [.sample(2)])
        #expect(world.records.first?.entry.runs == 2)
        #expect(world.log.allSatisfy { $0.id == .sample(2) })
    }

    @Test(arguments: [
        (FailureCode.jobFailed, 0, RunEnd.jobsFailed), (.jobNotFound, 0, .jobsFailed), (.notAnImageJob, 0, .jobsFailed),
        (.forbidden, 1, .jobsFailed), (.unknownStatus, 1, .jobsLeft),
    ]) func endSpeaksOfEarlierFailuresToo(code: FailureCode, asked: Int, expected: RunEnd) {
        let lines = jobs([1, 2])
        let policy = RunPolicy(retries: 0)
        let poll: (JobID, Int) -> Result<PollReply, JobFailure> = { id, _ in
            id == .sample(1) ? .failed(code, status: 200) : .completed
        }
        let before = resumed(lines, after: [], policy: policy, poll: poll)
        #expect(end(of: before) == expected)
        let world = resumed(lines, after: before.records, images: [.sample(2)], policy: policy, poll: poll)
        #expect(world.log.count == asked)
        #expect(world.records.count == asked)
        #expect(end(of: world) == expected)
    }

    @Test func failureThatWasMendedIsForgotten() {
        let lines = jobs([1, 2])
        let before = first(lines) { id, _ in id == .sample(1) ? .failed(.forbidden, status: 403) : .completed }
        #expect(end(of: before) == .jobsFailed)
        let world = resumed(lines, after: before.records, images: [.sample(2)])
        #expect(world.records.map(\.outcome.status) == [.downloaded])
        #expect(end(of: world) == .complete)
    }

    @Test func invalidLineThatStillIsGetsNoFurtherRecord() {
        let lines = [invalid(line: 1)] + jobs([1]).map { $0.on(line: 2) }
        let world = resumed(lines, after: first(lines).records, images: [.sample(1)])
        #expect(world.records.isEmpty)
        #expect(world.scheduler.summary.settled(as: .invalid) == 1)
        #expect(end(of: world) == .jobsFailed)
    }

    @Test func invalidLineThatWasCorrectedIsDone() {
        let before = first([invalid(line: 1)])
        let world = resumed(jobs([1]), after: before.records)
        #expect(world.records.map(\.outcome.status) == [.downloaded])
        #expect(end(of: world) == .complete)
    }

    @Test func invalidLineWithAnotherFaultIsRecordedAnew() {
        let before = first([invalid(line: 1, .invalidJSON)])
        let world = resumed([invalid(line: 1, .missingJobID)], after: before.records)
        #expect(world.records.map(\.outcome.failure?.code) == [.missingJobID])
        #expect(resumed([invalid(line: 2)], after: before.records).records.count == 1)
    }

    @Test func duplicateOfAJobThatIsDoneAgainKeepsItsRecord() {
        let lines = jobs([1, 1])
        let before = first(lines) { _, _ in .failed(.forbidden, status: 403) }
        #expect(before.records.count == 2)
        let world = resumed(lines, after: before.records)
        #expect(world.records.map(\.outcome.status) == [.downloaded])
        #expect(world.records.first?.entry.line == 1)
        #expect(world.scheduler.summary.settled(as: .duplicate) == 1)
    }

    @Test func newDuplicateOfASettledJobIsRecorded() {
        let before = first(jobs([1]))
        let world = resumed(jobs([1, 1]), after: before.records, images: [.sample(1)])
        #expect(world.records.map(\.outcome.status) == [.duplicate])
        #expect(world.records.first?.entry.line == 2)
        #expect(world.log.isEmpty)
        #expect(end(of: world) == .complete)
    }

    @Test func lineThatDuplicatesAnotherJobNowIsRecordedAnew() {
        let before = first(jobs([1, 2, 1]))
        let world = resumed(jobs([1, 2, 2]), after: before.records, images: [.sample(1), .sample(2)])
        #expect(world.records.map(\.jobID) == [.sample(2)])
        #expect(world.records.first?.outcome.status == .duplicate)
    }

    @Test func jobThatWasOnlyADuplicateIsDoneWhenItStandsAlone() {
        let duplicate = JobRecord(
            entry: .sample(line: 1), jobID: .sample(1),
            outcome: .duplicate(ofLine: 5, JobFailure(.duplicateJobID, at: .manifest, "no")))
        let world = resumed(jobs([1]), after: [duplicate])
        #expect(world.records.map(\.outcome.status) == [.downloaded])
    }

    @Test func linesThatAreSettledHoldNoRoomInTheWindow() {
        // A window of two and long lines: whatever a settled line would leave behind stops the run soon.
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let lines = JobID.samples(300).enumerated().map { index, id in
            ManifestItem.job(id, .sample(line: index + 1, input: line))
        }
        let records = JobID.samples(299).enumerated().map { index, id in
            JobRecord(entry: .sample(line: index + 1), jobID: id, outcome: .sampleImage)
        }
        let world = resumed(lines, after: records, images: Set(JobID.samples(300)), policy: RunPolicy(window: 2))
        #expect(world.finished)
        #expect(world.broken.isEmpty)
        #expect(world.records.map(\.jobID) == [.sample(300)])
        #expect(world.scheduler.inputBytes == 0)
    }

    @Test func bytesOfEveryKindOfLineAreLetGoWithItsRecord() {
        let line = Array("{}".utf8)
        let failure = JobFailure(.invalidJSON, at: .manifest, "no")
        let lines: [ManifestItem] = [
            .job(.sample(1), .sample(line: 1, input: line)), .job(.sample(1), .sample(line: 2, input: line)),
            .invalid(.sample(line: 3, input: line), failure),
        ]
        let before = first(lines)
        #expect(before.records.count == 3)
        #expect(before.scheduler.inputBytes == 0)
        let world = resumed(lines, after: before.records, images: [.sample(1)])
        #expect(world.records.isEmpty)
        #expect(world.scheduler.inputBytes == 0)
    }

    @Test func settledLinesAreCountedAfterAStopAsWell() {
        var index = JournalIndex()
        index.note(PastRecord(JobRecord(entry: .sample(line: 1), jobID: .sample(1), outcome: .sampleImage)))
        var scheduler = Scheduler(policy: RunPolicy())
        _ = scheduler.handle(.started, at: .zero, jitter: 0)
        _ = scheduler.handle(.signal(.stop(15)), at: .zero, jitter: 0)
        let items = jobs([1, 2]).map { index.judge($0) { _, _ in ProvenImage.sample.bytes } }
        let commands = scheduler.handle(.manifest(ManifestBatch(items: items, ended: true)), at: .zero, jitter: 0)
        #expect(commands.records.count == 1)
        #expect(scheduler.summary.settled(as: .downloaded) == 1)
    }

    @Test(arguments: 1...100) func everyLineHasOneRecordThatCountsOverManyRuns(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 1...40, using: &random)
        let lines: [ManifestItem] = (1...count).map { line in
            Int.random(in: 0..<6, using: &random) == 0
                ? invalid(line: line)
                : .job(.sample(Int.random(in: 1...count, using: &random)), .sample(line: line))
        }
        let draws = Draws(random)
        var journal: [JobRecord] = []
        for run in 0..<4 {
            let images = Set(journal.filter { $0.outcome.status == .downloaded }.compactMap(\.jobID))
            let world = resumed(lines, after: journal, images: images, policy: RunPolicy(retries: 0)) { _, _ in
                run == 3 ? .completed : draws.poll()
            }
            #expect(world.broken.isEmpty)
            journal += world.records
        }
        let downloaded = journal.filter { $0.outcome.status == .downloaded }.compactMap(\.jobID)
        #expect(downloaded.count == Set(downloaded).count)
        #expect(Set(journal.map(\.entry.line)) == Set(1...count))
        // What is no job of its own has a single record, however often it was read.
        for line in 1...count {
            let records = journal.filter { $0.entry.line == line }
            if records.contains(where: { $0.outcome.status == .invalid || $0.outcome.status == .duplicate }) {
                #expect(records.count == 1)
            }
        }
        let again = resumed(lines, after: journal, images: Set(downloaded), policy: RunPolicy(retries: 0))
        #expect(again.records.isEmpty && again.log.isEmpty)
        #expect(again.scheduler.summary.settled == count)
    }
}

extension ManifestItem {
    fileprivate func on(line: Int) -> ManifestItem {
        guard case .job(let id, _) = self else { return self }
        return .job(id, .sample(line: line))
    }
}

extension PastRecord {
    /// What a journal's reader makes of a record.
    init(_ record: JobRecord) {
        let end: End =
            switch (record.outcome, record.jobID) {
            case (.downloaded(let image, _), let id?): .job(id, .downloaded(bytes: image.bytes))
            case (.duplicate, let id?): .line(.duplicate(id))
            case (let outcome, let id?):
                .job(id, RetryAdvice(for: outcome).map { PastJobEnd(advice: $0.action) } ?? .open)
            case (let outcome, nil): .line(.invalid(outcome.failure?.code ?? .invalidJSON))
            }
        self.init(
            end, manifest: record.entry.manifest, line: record.entry.line, firstSeen: record.entry.firstSeen,
            runs: record.entry.runs)
    }
}
