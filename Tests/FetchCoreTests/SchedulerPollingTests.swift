import Testing

@testable import FetchCore

/// When a job is asked, and how long it is waited for.
@Suite struct SchedulerPollingTests {
    @Test func firstPollIsAtOnceThenTheIntervalGrows() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, count in
            count < 6 ? .inProgress : .completed
        }
        world.latency = .zero
        world.run()
        #expect(
            world.moments(.poll) == [
                .zero, .seconds(10), .seconds(25), .seconds(47.5), .seconds(71.5), .seconds(95.5),
            ])
    }

    @Test func jobStillInProgressAtTheLongestWaitIsPending() {
        var world = SchedulerWorld(policy: RunPolicy(maxWait: .seconds(60)), jobs: [.sample(1)]) { _, _ in .inProgress }
        world.latency = .zero
        world.run()
        #expect(world.moments(.poll).last == .seconds(60))
        #expect(world.records.map(\.outcome.status) == [.pending])
        #expect(world.records.first?.outcome.failure?.code == .stillInProgress)
        #expect(world.records.first?.elapsed == .seconds(60))
    }

    @Test func jobFinishedAtTheLastMomentIsDownloaded() {
        var world = SchedulerWorld(policy: RunPolicy(maxWait: .seconds(5)), jobs: [.sample(1)]) { _, count in
            count < 2 ? .inProgress : .completed
        }
        world.latency = .zero
        world.run()
        #expect(world.moments(.poll) == [.zero, .seconds(5)])
        #expect(world.records.map(\.outcome.status) == [.downloaded])
    }

    @Test func onceAsksEachJobOnce() {
        var world = SchedulerWorld(policy: RunPolicy(once: true), jobs: JobID.samples(10)) { id, _ in
            id == .sample(3) ? .completed : .inProgress
        }
        world.run()
        #expect(world.moments(.poll).count == 10)
        #expect(world.records.count { $0.outcome.failure?.code == .stillInProgress } == 9)
        #expect(world.record(of: .sample(3))?.outcome.status == .downloaded)
    }

    @Test func deadlineStartsNoPollAndLeavesTheRestPending() {
        let policy = RunPolicy(concurrency: 1, deadline: .seconds(10))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(50)) { _, _ in .completed }
        world.latency = .seconds(4)
        world.run()
        // Polls at 0 and 8; the second one's image is in hand only after the deadline, and still fetched.
        #expect(world.moments(.poll) == [.zero, .seconds(8)])
        #expect(world.moments(.download) == [.seconds(4), .seconds(12)])
        #expect(world.records.count == 50)
        #expect(world.records.count { $0.outcome.status == .downloaded } == 2)
        #expect(world.records.count { $0.outcome.failure?.code == .deadline } == 48)
        #expect(world.scheduler.manifestExhausted)
    }

    @Test func imagesInHandAtTheDeadlineAreFetchedAlsoAfterFaults() {
        let policy = RunPolicy(concurrency: 4, deadline: .milliseconds(150))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(4)) { _, _ in .completed }
        world.jitter = { 0.5 }
        world.download = { _, count in count < 3 ? .failed(.timeout) : .success(.sample) }
        world.run()
        #expect(world.records.count { $0.outcome.status == .downloaded } == 4)
        #expect(world.records.allSatisfy { $0.downloads == 3 && $0.polls == 1 })
    }

    @Test func whatIsNotFetchedAMinuteAfterTheDeadlineIsPending() {
        let policy = RunPolicy(concurrency: 1, deadline: .milliseconds(150))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(2)) { _, _ in .completed }
        world.download = { _, _ in .failed(.interrupted, at: .run) }
        world.run(until: .milliseconds(50))
        world.latency = .seconds(61)
        world.run(until: .seconds(60.1))
        #expect(!world.cancelled)
        world.run(until: .seconds(60.2))
        #expect(world.cancelled)
        world.run()
        #expect(world.records.count == 2)
        #expect(world.records.allSatisfy { $0.outcome.status == .pending && $0.outcome.failure?.code == .deadline })
        #expect(world.moments(.download).count == 1)
    }

    @Test func noFreshUrlIsAskedForAfterTheDeadline() {
        let policy = RunPolicy(concurrency: 1, deadline: .milliseconds(150))
        var world = SchedulerWorld(policy: policy, jobs: [.sample(1)]) { _, _ in .completed }
        world.download = { _, _ in .failed(.urlExpired, status: 403) }
        world.run()
        #expect(world.moments(.poll).count == 1)
        #expect(world.records.first?.outcome.failure?.code == .urlExpired)
    }

    @Test func deadlineEndsARunWhoseManifestStaysOpen() {
        var world = SchedulerWorld(policy: RunPolicy(deadline: .seconds(10)), jobs: [.sample(1)]) { _, _ in .completed }
        world.staysOpen = true
        world.run()
        #expect(world.finished)
        #expect(world.now == .seconds(10))
        #expect(!world.scheduler.manifestExhausted)
    }

    @Test func rateHoldsAcrossAllTasks() {
        let policy = RunPolicy(concurrency: 64, rate: 10)
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(200)) { _, _ in .completed }
        world.run()
        let polls = world.moments(.poll)
        for (first, last) in zip(polls, polls.dropFirst(20)) {
            // Any 21 polls in a row span at least 19 intervals of a tenth of a second: the bucket holds one.
            #expect(last - first >= .milliseconds(1900))
        }
        #expect(world.now < .seconds(22))
    }

    @Test func rateDoesNotHoldBackDownloads() {
        var world = SchedulerWorld(policy: RunPolicy(rate: 0.1), jobs: [.sample(1)]) { _, _ in .completed }
        world.run()
        #expect(world.now < .seconds(1))
    }

    @Test func warningsOfThePollAreInTheRecordOnce() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, count in
            .success(
                PollReply(
                    count < 3
                        ? .inProgress : .completed(CompletedImage(url: "https://c.example/a", width: 9, height: 64)),
                    warnings: [.jobIDNotEchoed]))
        }
        world.run()
        #expect(world.records.first?.warnings == [.jobIDNotEchoed, .dimensionMismatch])
    }

    @Test func unknownStatusIsAskedAgainNoSoonerThanThePollingInterval() {
        var world = SchedulerWorld(policy: RunPolicy(retries: 2), jobs: [.sample(1)]) { _, _ in
            .failed(.unknownStatus, status: 200)
        }
        world.latency = .zero
        world.run()
        #expect(world.moments(.poll) == [.zero, .seconds(10), .seconds(20)])
        #expect(world.records.first?.outcome.failure?.code == .unknownStatus)
    }
}
