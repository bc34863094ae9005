import Testing

@testable import FetchCore

/// What a record says of how long the API took, and how long the download.
@Suite struct SchedulerTimesTests {
    private static let policy = RunPolicy(
        polling: PollingInterval(first: .seconds(10), longest: .seconds(10)),
        backOff: BackOff(base: .seconds(3), longest: .seconds(3)))

    private func record(
        of world: inout SchedulerWorld
    ) -> JobRecord? {
        world.run()
        #expect(world.broken.isEmpty)
        return world.records.first
    }

    @Test func waitLastsFromTheFirstPollToTheReplyThatSaysCompleted() {
        var world = SchedulerWorld(policy: Self.policy, jobs: [.sample(1)]) { _, count in
            count < 3 ? .inProgress : .completed
        }
        world.latency = .milliseconds(200)
        let record = record(of: &world)
        let lastPoll = world.moments(.poll).last ?? .zero
        #expect(lastPoll > .seconds(15))
        #expect(record?.waited == lastPoll + .milliseconds(200))
        #expect(record?.downloadTime == .milliseconds(200))
        #expect(record?.elapsed == lastPoll + .milliseconds(400))
    }

    @Test func firstPollCountsAlsoWhereItFailed() {
        var world = SchedulerWorld(policy: Self.policy, jobs: [.sample(1)]) { _, count in
            count == 1 ? .failed(.timeout) : .completed
        }
        world.jitter = { 0.5 }
        let record = record(of: &world)
        #expect(record?.waited == (world.moments(.poll).last ?? .zero) + world.latency)
        #expect(record?.waited ?? .zero > .seconds(1))
    }

    @Test func jobThatIsPolledAnewForAFreshURLWasCompletedBefore() {
        var world = SchedulerWorld(policy: Self.policy, jobs: [.sample(1)]) { _, _ in .completed }
        world.download = { _, count in count == 1 ? .failed(.urlExpired, status: 403) : .success(.sample) }
        let record = record(of: &world)
        #expect(record?.polls == 2)
        #expect(record?.waited == world.latency)
        #expect(record?.downloadTime == world.latency)
    }

    @Test func jobThatIsCompletedBeforeItsURLIsThereHasWaitedUntilThen() {
        var world = SchedulerWorld(policy: Self.policy, jobs: [.sample(1)]) { _, count in
            let failure = JobFailure(.invalidResponse, at: .poll, "no url", httpStatus: 200)
            return count < 3 ? .success(PollReply(.completedWithoutURL(failure))) : .completed
        }
        let record = record(of: &world)
        #expect(record?.polls == 3)
        #expect(record?.waited == world.latency)
    }

    @Test func onlyTheDownloadThatWasKeptCounts() {
        var world = SchedulerWorld(policy: Self.policy, jobs: [.sample(1)]) { _, _ in .completed }
        world.download = { _, count in count < 3 ? .failed(.truncated) : .success(.sample) }
        world.jitter = { 0.5 }
        let record = record(of: &world)
        #expect(record?.downloads == 3)
        #expect(record?.downloadTime == world.latency)
        #expect(record?.elapsed ?? .zero > .seconds(3))
    }

    @Test func irregularImageThatCameTwiceHasTheTimeOfTheSecondDownload() {
        let irregular = ProvenImage(
            path: "images/a.png", bytes: 1000, width: 64, height: 64, sha256: "00", irregularity: "Odd.")
        var scheduler = Scheduler(policy: Self.policy)
        _ = scheduler.handle(.started, at: .zero, jitter: 0)
        _ = scheduler.read(ManifestBatch(items: [.job(.sample(1), .sample(line: 1))], ended: true))
        _ = scheduler.handle(.polled(0, .completed), at: .seconds(1), jitter: 0)
        let first = scheduler.handle(
            .downloaded(0, irregular, FakePart(), took: .seconds(5)), at: .seconds(6), jitter: 0)
        #expect(first.records.isEmpty)
        let second = scheduler.handle(
            .downloaded(0, irregular, FakePart(), took: .seconds(2)), at: .seconds(8), jitter: 0)
        #expect(second.records.map(\.downloadTime) == [.seconds(2)])
    }

    @Test func failedJobThatWasCompletedHasWaitedAndHasNoDownload() {
        var world = SchedulerWorld(policy: Self.policy, jobs: [.sample(1)]) { _, _ in .completed }
        world.download = { _, _ in .failed(.imageTooLarge) }
        let record = record(of: &world)
        #expect(record?.outcome.status == .failed)
        #expect(record?.waited == world.latency)
        #expect(record?.downloadTime == nil)
    }

    @Test func imageThatCouldNotBeKeptHasNoDownload() {
        var world = SchedulerWorld(policy: Self.policy, jobs: [.sample(1)]) { _, _ in .completed }
        world.commit = { $0.failing(JobFailure(.writeFailed, at: .store, "no")) }
        let record = record(of: &world)
        #expect(record?.waited == world.latency)
        #expect(record?.downloadTime == nil)
    }

    @Test func jobThatIsNeverCompletedHasNoTimes() {
        for reply in [Result<PollReply, JobFailure>.inProgress, .failed(.jobFailed, status: 200)] {
            var world = SchedulerWorld(policy: RunPolicy(once: true), jobs: [.sample(1)]) { _, _ in reply }
            let record = record(of: &world)
            #expect(record?.waited == nil)
            #expect(record?.downloadTime == nil)
            #expect(world.scheduler.summary.waits.count == 0)
        }
    }

    @Test func summaryCountsTheTimesOfItsRecords() {
        var world = SchedulerWorld(policy: Self.policy, jobs: JobID.samples(5)) { id, count in
            id == .sample(5) ? .failed(.jobFailed, status: 200) : count == 1 ? .inProgress : .completed
        }
        world.download = { id, _ in id == .sample(4) ? .failed(.imageTooLarge) : .success(.sample) }
        world.run()
        let summary = world.scheduler.summary
        #expect(summary.waits.count == 4)
        #expect(summary.waits.sum == world.records.compactMap(\.waited).reduce(.zero, +))
        #expect(summary.downloadTimes.count == 3)
    }
}
