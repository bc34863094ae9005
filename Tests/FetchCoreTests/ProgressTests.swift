import Testing

@testable import FetchCore

/// What a person who watches is told.
@Suite struct ProgressTests {
    private func item(_ number: Int) -> ManifestItem { .job(.sample(number), .sample(line: number)) }

    @Test func totalIsReckonedFromTheBytesReadUntilTheManifestEnds() {
        var scheduler = Scheduler(policy: RunPolicy())
        _ = scheduler.handle(.started, at: .zero, jitter: 0)
        #expect(scheduler.progress.total == .unknown)
        let items = (1...25).map(item)
        _ = scheduler.read(ManifestBatch(items: items, ended: false, portion: 0.1))
        #expect(scheduler.progress.total == .about(250))
        _ = scheduler.read(ManifestBatch(items: [item(26)], ended: false))
        #expect(scheduler.progress.total == .unknown)
        _ = scheduler.read(ManifestBatch(items: [item(27)], ended: true))
        #expect(scheduler.progress.total == .exact(27))
    }

    @Test func settledLinesAreDone() {
        var scheduler = Scheduler(policy: RunPolicy())
        let items: [ManifestItem] = [
            .settled(.sample(1), .sample(line: 1), .downloaded), .settled(.sample(2), .sample(line: 2), .failed),
            item(3),
        ]
        _ = scheduler.read(ManifestBatch(items: items, ended: true))
        #expect(scheduler.progress.done == 2)
        #expect(scheduler.progress.total == .exact(3))
    }

    @Test func longestPolledIsTheUnfinishedJobThatWasAskedAboutFirst() {
        // Jobs 1 to 5 take 9 to 5 polls; all others are finished at once, hundreds of them in between.
        let policy = RunPolicy(
            concurrency: 1, polling: PollingInterval(first: .seconds(100), longest: .seconds(100)))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(1000)) { id, count in
            count < 10 - min(id.sampleNumber, 9) ? .inProgress : .completed
        }
        #expect(world.scheduler.progress.longestPolled == nil)
        var seen: [Int] = []
        while !world.finished {
            world.run(until: world.now + .seconds(1))
            let job = world.scheduler.progress.longestPolled
            let expected = Set(world.log.map(\.id)).subtracting(world.records.compactMap(\.jobID))
                .min { $0.sampleNumber < $1.sampleNumber }
            #expect(job?.id == expected)
            #expect(job?.since == world.log.first { $0.id == expected }?.at)
            seen += [job?.id.sampleNumber].compactMap(\.self).filter { $0 != seen.last }
        }
        #expect(seen.first == 1)
        #expect(world.scheduler.progress.longestPolled == nil)
    }

    @Test func pausesOfBothOriginsAreTold() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, count in
            count == 1 ? .failed(.rateLimited, status: 429, retryAfter: .seconds(12)) : .completed
        }
        world.download = { _, count in
            count == 1 ? .failed(.downloadHTTPError, status: 429) : .success(.sample)
        }
        world.run(until: .seconds(1))
        #expect(
            world.scheduler.progress.api
                == .refusing(since: .milliseconds(100), askedAgainAt: .milliseconds(12_100)))
        #expect(world.scheduler.progress.images == .open)
        world.run(until: .seconds(12.4))
        #expect(
            world.scheduler.progress.images
                == .refusing(since: .milliseconds(12_300), askedAgainAt: .milliseconds(13_300)))
        world.run()
        #expect(world.scheduler.progress.images == .paused(until: .milliseconds(13_300)))
    }

    @Test func pollsOfTheJobThatTookTheMostAreKept() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(3)) { id, count in
            count < id.sampleNumber * 2 ? .inProgress : .completed
        }
        world.run()
        #expect(world.scheduler.summary.polls == 12)
        #expect(world.scheduler.summary.polledJobs == 3)
        #expect(world.scheduler.summary.mostPolls == 6)
    }
}
