import Testing

@testable import FetchCore

/// Jobs whose images may want the same name.
@Suite struct SchedulerNameTests {
    private let name: ImageName

    init() throws {
        name = try #require(ImageName("acme/cat.png"))
    }

    /// A world whose jobs all want one name; each is completed at its first poll.
    private func world(
        _ jobs: Int, recorded: RecordedNames = RecordedNames(), policy: RunPolicy = RunPolicy()
    ) -> SchedulerWorld {
        var world = SchedulerWorld(policy: policy, jobs: [], names: NameClaims(recorded: recorded)) { _, _ in
            .completed
        }
        world.lines = (1...jobs).map { .job(.sample($0), ManifestEntry.sample(line: $0).naming(name)) }
        return world
    }

    private func isTaken(_ record: JobRecord?, by id: JobID) -> Bool {
        guard let failure = record?.outcome.failure else { return false }
        return failure.code == .nameTaken && failure.stage == .store && failure.message.contains("\(id)")
            && failure.message.contains(name.text)
    }

    @Test func secondJobFailsBeforeAnythingIsDownloadedForIt() {
        var world = world(3)
        world.run()
        #expect(world.broken.isEmpty && world.finished)
        #expect(world.record(of: .sample(1))?.outcome.status == .downloaded)
        for number in 2...3 {
            #expect(isTaken(world.record(of: .sample(number)), by: .sample(1)))
            #expect(world.record(of: .sample(number))?.downloads == 0)
        }
        #expect(world.moments(.download).count == 1)
    }

    @Test func jobThatComesAfterTheFirstIsKeptFailsToo() {
        var world = world(2)
        world.poll = { id, count in id == .sample(2) && count == 1 ? .inProgress : .completed }
        world.run()
        #expect(isTaken(world.record(of: .sample(2)), by: .sample(1)))
    }

    @Test func jobThatWaitsHasTheNameIfTheFirstDownloadFails() {
        var world = world(3)
        world.download = { id, _ in id == .sample(1) ? .failed(.imageTooLarge) : .success(.sample) }
        world.run()
        #expect(world.broken.isEmpty && world.finished)
        #expect(world.record(of: .sample(1))?.outcome.failure?.code == .imageTooLarge)
        #expect(world.record(of: .sample(2))?.outcome.status == .downloaded)
        #expect(isTaken(world.record(of: .sample(3)), by: .sample(2)))
    }

    @Test func jobThatWaitsHasTheNameIfTheFirstImageIsNotKept() {
        var world = world(2)
        world.commit = { record in
            record.jobID == .sample(1) ? record.failing(JobFailure(.writeFailed, at: .store, "no")) : record
        }
        world.run()
        #expect(world.finished)
        #expect(world.record(of: .sample(2))?.outcome.status == .downloaded)
    }

    @Test func holderKeepsTheNameWhileItAsksForAFreshURL() {
        var world = world(2)
        world.download = { _, count in count == 1 ? .failed(.urlExpired, status: 403) : .success(.sample) }
        world.run()
        #expect(world.record(of: .sample(1))?.outcome.status == .downloaded)
        #expect(isTaken(world.record(of: .sample(2)), by: .sample(1)))
    }

    @Test func recordOfAnEarlierRunGivesTheName() {
        var recorded = RecordedNames()
        recorded.note(name.text, .sample, of: .sample(2))
        var world = world(2, recorded: recorded)
        world.run()
        #expect(isTaken(world.record(of: .sample(1)), by: .sample(2)))
        #expect(world.record(of: .sample(2))?.outcome.status == .downloaded)
        // What has the name may be the job's own image.
        #expect(world.places[.sample(2)] == ImagePlace(name: name, existing: .kept(unless: .sample)))
    }

    @Test func nothingIsReplacedThatNoRecordExplains() {
        var world = world(1)
        world.run()
        #expect(world.places[.sample(1)] == ImagePlace(name: name, existing: .kept(unless: nil)))
    }

    @Test func namesThatNoTwoJobsCanWantAreReplaced() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: []) { _, _ in .completed }
        world.lines = [
            .job(.sample(1), ManifestEntry.sample(line: 1).naming(name)), .job(.sample(2), .sample(line: 2)),
        ]
        world.run()
        #expect(world.places[.sample(1)] == ImagePlace(name: name, existing: .replaced))
        #expect(world.places[.sample(2)] == .ofJobID)
    }

    /// Its record speaks of a line that is no job of its own.
    @Test func repeatedLineDoesNotGiveTheNameAway() {
        var world = world(2)
        let entry = ManifestEntry.sample(line: 9).naming(name)
        world.lines.insert(.job(.sample(1), entry), at: 1)
        world.latency = .seconds(1)
        world.run()
        #expect(world.records.count == 3)
        #expect(world.record(of: .sample(1))?.outcome.status == .duplicate)
        #expect(world.records.count { $0.outcome.status == .downloaded } == 1)
        #expect(isTaken(world.record(of: .sample(2)), by: .sample(1)))
    }

    @Test func stopEndsTheJobsThatWaitForAName() {
        var world = world(3)
        world.latency = .seconds(5)
        world.run(until: .seconds(7))
        world.deliver(.signal(.stop(15)))
        world.run()
        #expect(world.broken.isEmpty && world.finished)
        #expect(world.records.count == 3)
        #expect(world.record(of: .sample(1))?.outcome.status == .downloaded)
        for number in 2...3 {
            #expect(world.record(of: .sample(number))?.outcome.failure?.code == .interrupted)
        }
    }

    @Test func jobThatWaitsForANameIsShownAsWaiting() {
        var world = world(3)
        world.latency = .seconds(5)
        world.run(until: .seconds(7))
        #expect(world.scheduler.progress.waiting == 2)
    }
}
