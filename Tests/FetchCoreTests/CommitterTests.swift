import Synchronization
import Testing

@testable import FetchCore

/// The order of truth.
@Suite struct CommitterTests {
    private func pending(_ number: Int, _ disk: RecordingDisk) -> PendingRecord {
        PendingRecord(
            record: JobRecord(entry: .sample(line: number), jobID: .sample(number), outcome: .sampleImage),
            part: RecordingPart(name: "\(number)", disk: disk))
    }

    @Test func imagesAreSafeBeforeTheirRecordsAndShareTheSyncs() throws {
        let disk = RecordingDisk()
        let written = try Committer(store: disk, sink: disk).commit([pending(1, disk), pending(2, disk)])
        #expect(
            disk.steps == [
                "sync 1", "sync 2", "publish 1", "publish 2", "sync directory", "record 1 downloaded",
                "record 2 downloaded", "sync records",
            ])
        #expect(written.count == 2)
    }

    @Test func recordsWithoutImagesNeedNoDirectorySync() throws {
        let disk = RecordingDisk()
        let record = JobRecord(
            entry: .sample(line: 1), jobID: nil, outcome: .invalid(JobFailure(.invalidJSON, at: .manifest, "no")))
        _ = try Committer(store: disk, sink: disk).commit([PendingRecord(record: record, part: nil)])
        #expect(disk.steps == ["record 1 invalid", "sync records"])
    }

    @Test(arguments: ["sync 1", "publish 1"]) func imageThatCannotBeKeptIsFailedAndRemoved(step: String) throws {
        let disk = RecordingDisk(failing: step)
        let written = try Committer(store: disk, sink: disk).commit([pending(1, disk), pending(2, disk)])
        #expect(written.map(\.outcome.status) == [.failed, .downloaded])
        #expect(written.first?.outcome.failure?.code == .writeFailed)
        #expect(disk.steps.contains("discard 1"))
        #expect(disk.steps.contains("record 1 failed"))
        #expect(disk.steps.count { $0 == step } == 1)
    }

    @Test func oneImageThatIsNotSafeLeavesTheOthersAndTheOrder() throws {
        let disk = RecordingDisk(failing: "sync 3")
        var batch = (1...6).map { pending($0, disk) }
        let invalid = JobRecord(
            entry: .sample(line: 9), jobID: nil, outcome: .invalid(JobFailure(.invalidJSON, at: .manifest, "no")))
        batch.insert(PendingRecord(record: invalid, part: nil), at: 2)
        let written = try Committer(store: disk, sink: disk).commit(batch)
        #expect(written.map(\.entry.line) == [1, 2, 9, 3, 4, 5, 6])
        #expect(written.filter { $0.outcome.status == .failed }.map(\.entry.line) == [3])
        #expect(written.count { $0.outcome.status == .downloaded } == 5)
        let syncs = (1...6).map { "sync \($0)" } + ["sync directory", "sync records"]
        #expect(disk.steps.filter { $0.hasPrefix("sync ") } == syncs)
        #expect(disk.steps.filter { $0.hasPrefix("publish ") } == [1, 2, 4, 5, 6].map { "publish \($0)" })
        #expect(disk.steps.filter { $0.hasPrefix("discard ") } == ["discard 3"])
    }

    @Test func namesThatAreNotDurableAreNotReported() throws {
        let disk = RecordingDisk(failing: "sync directory")
        let written = try Committer(store: disk, sink: disk).commit([pending(1, disk), pending(2, disk)])
        #expect(written.allSatisfy { $0.outcome.status == .failed })
        #expect(!disk.steps.contains("record 1 downloaded"))
    }

    @Test func lostResultsAreTheRunsEnd() {
        let disk = RecordingDisk(failing: "record 1 downloaded")
        #expect(throws: RunFailure.resultsNotWritten("no")) {
            _ = try Committer(store: disk, sink: disk).commit([pending(1, disk)])
        }
    }
}

/// A disk that notes every step and fails at one.
final class RecordingDisk: ImageStore, ResultSink {
    private let log = Mutex<[String]>([])
    private let failing: String?

    init(failing: String? = nil) {
        self.failing = failing
    }

    var steps: [String] { log.withLock(\.self) }

    /// Notes the step; true if it is the one that fails.
    func fails(_ step: String) -> Bool {
        log.withLock { $0.append(step) }
        return step == failing
    }

    func makePart(for id: JobID, at place: ImagePlace) -> any PartFile { RecordingPart(name: "\(id)", disk: self) }

    func sync(_ parts: [any PartFile]) -> [Result<Void, JobFailure>] {
        parts.map { part in Result { () throws(JobFailure) in try part.sync() } }
    }

    func syncDirectories() throws(JobFailure) {
        if fails("sync directory") { throw JobFailure(.writeFailed, at: .store, "no") }
    }

    func append(_ record: JobRecord) throws(RunFailure) {
        if fails("record \(record.entry.line) \(record.outcome.status.rawValue)") { throw .resultsNotWritten("no") }
    }

    func sync() throws(RunFailure) {
        if fails("sync records") { throw .resultsNotWritten("no") }
    }
}

final class RecordingPart: PartFile {
    private let name: String
    private let disk: RecordingDisk

    init(name: String, disk: RecordingDisk) {
        self.name = name
        self.disk = disk
    }

    private func step(_ what: String) throws(JobFailure) {
        if disk.fails("\(what) \(name)") { throw JobFailure(.writeFailed, at: .store, "no") }
    }

    func write(_ bytes: RawSpan) throws(JobFailure) { try step("write") }
    func prove() throws(JobFailure) -> ProvenImage { .sample }
    func sync() throws(JobFailure) { try step("sync") }
    func publish() throws(JobFailure) { try step("publish") }
    func discard() { _ = disk.fails("discard \(name)") }
}
