import Testing
import TestRandom

@testable import FetchCore

/// The rules that hold for every run.
@Suite struct SchedulerTests {
    @Test func everyJobIsPolledDownloadedAndRecorded() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(100)) { _, _ in .completed }
        world.run()
        #expect(world.finished)
        #expect(world.records.count == 100)
        #expect(world.records.allSatisfy { $0.outcome.status == .downloaded && $0.polls == 1 && $0.downloads == 1 })
        #expect(world.broken.isEmpty)
    }

    @Test func recordHasTheURLThatTheImageCameFromWithoutItsQuery() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, count in
            .success(PollReply(.completed(CompletedImage(url: "https://cdn.example/\(count).png?sig=\(count)"))))
        }
        world.download = { _, count in count == 1 ? .failed(.urlExpired, status: 403) : .success(.sample) }
        world.run()
        #expect(world.records.map(\.outcome) == [.downloaded(.sample, url: "https://cdn.example/2.png")])
    }

    @Test(arguments: [1, 2, 7, 64]) func capHoldsForPollsAndDownloadsTogether(cap: Int) {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: cap), jobs: JobID.samples(300)) { _, count in
            count < 2 ? .inProgress : .completed
        }
        world.run()
        #expect(world.mostInFlight == cap)
        #expect(world.records.count == 300)
        #expect(world.broken.isEmpty)
    }

    @Test func waitingJobHoldsNoSlot() {
        // One slot, 1,000 jobs, three polls each a second apart: the waits overlap, the work does not.
        let policy = RunPolicy(
            concurrency: 4, polling: PollingInterval(first: .seconds(1), longest: .seconds(1)))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(1000)) { _, count in
            count < 3 ? .inProgress : .completed
        }
        world.latency = .milliseconds(10)
        world.run()
        // 4,000 requests of 10 ms on 4 slots are 10 s of work; one at a time with waits would be 750 s.
        #expect(world.now < .seconds(13))
        #expect(world.records.allSatisfy { $0.polls == 3 })
        #expect(world.broken.isEmpty)
    }

    @Test(arguments: [1, 3, 50]) func windowBoundsTheJobsHeld(window: Int) {
        var world = SchedulerWorld(policy: RunPolicy(window: window), jobs: JobID.samples(200)) { _, count in
            count < 2 ? .inProgress : .completed
        }
        world.commitTime = .seconds(1)
        world.run()
        #expect(world.mostHeld == window)
        #expect(world.records.count == 200)
        #expect(world.broken.isEmpty)
    }

    @Test func linesThatAreTooLongTogetherPauseReading() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: []) { _, _ in .inProgress }
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        world.lines = JobID.samples(1000).enumerated().map { .job($1, .sample(line: $0 + 1, input: line)) }
        world.run(until: .seconds(5))
        // One read beyond the limit is under way when the limit is met.
        #expect(world.linesRead >= 64)
        #expect(world.linesRead <= 64 + RunPolicy.readLimit)
    }

    @Test func firstImageIsRecordedWhileTheManifestIsStillOpen() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(1)) { _, _ in .completed }
        world.staysOpen = true
        world.run(until: .seconds(1))
        #expect(world.records.map(\.outcome.status) == [.downloaded])
        #expect(!world.finished)
    }

    @Test func downloadsGoBeforePolls() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 1), jobs: JobID.samples(3)) { _, _ in .completed }
        world.run()
        #expect(world.log.map(\.kind) == [.poll, .download, .poll, .download, .poll, .download])
    }

    @Test func newJobsGoBeforeRepeatedPollsUntilTheseAreLate() {
        // One slot and requests of 4 s: the first job's repeat is due at 10–15 s and late 10 s after that.
        let policy = RunPolicy(concurrency: 1)
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(20)) { id, count in
            id == .sample(1) && count == 1 ? .inProgress : .failed(.jobFailed, status: 200)
        }
        world.latency = .seconds(4)
        world.run()
        let turns = world.log.indices.filter { world.log[$0].id == .sample(1) }
        #expect(turns.first == 0)
        let second = world.log[turns[1]]
        #expect(second.at >= .seconds(24) && second.at <= .seconds(28))
        #expect(turns[1] < 19)
    }

    @Test func sameIdTwiceIsFetchedOnceAndSaysWhere() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1), .sample(2), .sample(1)]) { _, _ in .completed
        }
        world.run()
        #expect(world.records.count == 3)
        let duplicate = world.records.first { $0.outcome.status == .duplicate }
        #expect(duplicate?.entry.line == 3)
        if case .duplicate(let line, let failure)? = duplicate?.outcome {
            #expect(line == 1)
            #expect(failure.code == .duplicateJobID)
        } else {
            Issue.record("there is no duplicate")
        }
        #expect(world.moments(.download).count == 2)
    }

    @Test func invalidLineIsRecordedAndTheRunGoesOn() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, _ in .completed }
        world.lines.insert(.invalid(.sample(line: 9), JobFailure(.invalidJSON, at: .manifest, "no")), at: 0)
        world.run()
        #expect(Set(world.records.map(\.outcome.status)) == [.invalid, .downloaded])
        #expect(world.records.first { $0.outcome.status == .invalid }?.jobID == nil)
    }

    @Test func emptyManifestFinishesAtOnce() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: []) { _, _ in .completed }
        world.run()
        #expect(world.finished)
        #expect(world.log.isEmpty)
    }

    @Test func imagesThatWaitForTheDiskHoldBackDownloads() {
        let policy = RunPolicy(concurrency: 2)
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(500)) { _, _ in .completed }
        world.commitTime = .seconds(3600)
        world.run(until: .seconds(3000))
        // The first commit is under way; no more than the limit have been fetched.
        #expect(world.moments(.download).count <= policy.unrecordedImagesLimit + policy.concurrency)
        #expect(world.moments(.download).count >= policy.unrecordedImagesLimit)
    }

    @Test func aWakeIsAskedForOnceWhileManyJobsWait() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 8), jobs: JobID.samples(500)) { _, _ in .inProgress }
        var wakes = 0
        var most = 0
        world.jitter = { 0.5 }
        for second in 1...60 {
            world.run(until: .seconds(second))
            most = max(most, world.scheduler.wakes.count)
            wakes += 1
        }
        #expect(wakes == 60)
        #expect(most <= 3)
    }

    @Test(arguments: 1...200) func everyLineHasOneRecordWhateverHappens(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 1...120, using: &random)
        let policy = RunPolicy(
            concurrency: Int.random(in: 1...9, using: &random), window: Int.random(in: 1...40, using: &random),
            rate: Bool.random(using: &random) ? Double.random(in: 1...50, using: &random) : nil,
            maxWait: .seconds(Int.random(in: 0...120, using: &random)),
            once: Int.random(in: 0..<5, using: &random) == 0,
            deadline: Int.random(in: 0..<4, using: &random) == 0
                ? .seconds(Int.random(in: 0...60, using: &random)) : nil,
            retries: Int.random(in: 0...4, using: &random))
        let jobs = (0..<count).map { _ in JobID.sample(Int.random(in: 1...count, using: &random)) }
        let draws = Draws(random)
        var world = SchedulerWorld(policy: policy, jobs: jobs) { _, _ in draws.poll() }
        world.download = { _, _ in draws.download() }
        world.jitter = { draws.unit() }
        world.latency = .milliseconds(Int.random(in: 0...2000, using: &random))
        world.commitTime = .milliseconds(Int.random(in: 0...500, using: &random))
        if seed.isMultiple(of: 3) {
            world.run(until: .seconds(Int.random(in: 0...40, using: &random)))
            if !world.finished { world.deliver(.signal(.stop(15))) }
        }
        world.run()
        #expect(world.finished)
        #expect(world.broken.isEmpty)
        #expect(world.records.count == world.linesRead)
        #expect(Set(world.records.map(\.entry.line)).count == world.linesRead)
    }
}
