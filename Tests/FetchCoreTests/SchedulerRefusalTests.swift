import Testing

@testable import FetchCore

/// What becomes of jobs while an origin refuses requests (HTTP 429).
@Suite struct SchedulerRefusalTests {
    private static func refused(after: Duration? = nil) -> Result<PollReply, JobFailure> {
        .failed(.rateLimited, status: 429, retryAfter: after)
    }

    @Test(arguments: [1, 10, 200]) func noJobIsLostToTwoMinutesOfRefusals(count: Int) {
        let end = Duration.seconds(120)
        let clock = Clock()
        var world = SchedulerWorld(policy: RunPolicy(retries: 0), jobs: JobID.samples(count)) { _, _ in
            clock.now < end ? Self.refused() : .completed
        }
        world.tick = { clock.now = $0 }
        world.run()
        #expect(world.records.count { $0.outcome.status == .downloaded } == count)
        // A first burst as wide as the cap, then a probe after each of the pauses of 1, 2, 4, 8, 16, 32 and 60 s.
        #expect(world.moments(.poll).count { $0 < end } <= RunPolicy().concurrency + 7)
        #expect(world.broken == [])
    }

    @Test func onlyOneRequestGoesOutAfterAPause() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 8), jobs: JobID.samples(50)) { _, _ in
            Self.refused(after: .seconds(30))
        }
        world.run(until: .seconds(100))
        #expect(world.moments(.poll).count { $0 < .seconds(1) } == 8)
        #expect(world.moments(.poll).filter { $0 > .seconds(1) } == [30_100, 60_200, 90_300].map { .milliseconds($0) })
    }

    @Test func jobsEndWhenEverythingWasRefusedForTheLongestWait() {
        let policy = RunPolicy(concurrency: 4, maxWait: .seconds(100))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(30)) { _, _ in Self.refused() }
        world.latency = .zero
        world.run()
        #expect(world.records.count == 30)
        #expect(world.now == .seconds(100))
        for record in world.records {
            #expect(record.outcome.status == .failed)
            #expect(record.outcome.failure?.code == .rateLimited)
            #expect(RetryAdvice(for: record.outcome)?.after == .seconds(60))
        }
    }

    @Test func timeBeyondTheLongestWaitEndsThemAtOnceAndIsTold() {
        let policy = RunPolicy(concurrency: 4, maxWait: .seconds(100))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(30)) { _, _ in
            Self.refused(after: .seconds(3600))
        }
        world.run()
        #expect(world.moments(.poll).count == 4)
        #expect(world.records.count == 30)
        for record in world.records {
            #expect(record.outcome.failure?.code == .rateLimited)
            #expect(RetryAdvice(for: record.outcome)?.after == .seconds(3600))
        }
    }

    @Test func whatIsLeftOfTheNamedTimeIsToldToJobsThatAreReadLater() {
        var scheduler = Scheduler(policy: RunPolicy(maxWait: .seconds(100)))
        _ = scheduler.handle(.started, at: .zero, jitter: 0)
        let first = [ManifestItem.job(.sample(1), .sample(line: 1))]
        _ = scheduler.read(ManifestBatch(items: first, ended: false))
        let refused = scheduler.handle(.polled(0, Self.refused(after: .seconds(3600))), at: .zero, jitter: 0)
        _ = scheduler.handle(.recorded(refused.records), at: .zero, jitter: 0)
        let second = [ManifestItem.job(.sample(2), .sample(line: 2))]
        let commands = scheduler.handle(
            .manifest(ManifestBatch(items: second, ended: true)), at: .seconds(600), jitter: 0)
        let records = commands.records
        #expect(records.map(\.outcome.failure?.retryAfter) == [.seconds(3000)])
        #expect(records.first?.polls == 0)
    }

    @Test func imagesAreFetchedThoughTheAPIIsNotAskedAnyMore() {
        let policy = RunPolicy(concurrency: 2, maxWait: .seconds(100))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(2)) { id, _ in
            id == .sample(1) ? .completed : Self.refused(after: .seconds(3600))
        }
        world.run()
        #expect(world.record(of: .sample(1))?.outcome.status == .downloaded)
        #expect(world.record(of: .sample(2))?.outcome.failure?.code == .rateLimited)
    }

    @Test func imageHostThatRefusesCostsNoAttempt() {
        let clock = Clock()
        var world = SchedulerWorld(policy: RunPolicy(retries: 0), jobs: JobID.samples(20)) { _, _ in .completed }
        world.tick = { clock.now = $0 }
        world.download = { _, _ in
            clock.now < .seconds(90) ? .failed(.downloadHTTPError, status: 429) : .success(.sample)
        }
        world.run()
        #expect(world.records.count { $0.outcome.status == .downloaded } == 20)
    }

    @Test func imageHostThatRefusesForTheLongestWaitEndsItsDownloads() {
        var world = SchedulerWorld(policy: RunPolicy(maxWait: .seconds(50)), jobs: JobID.samples(3)) { _, _ in
            .completed
        }
        world.download = { _, _ in .failed(.downloadHTTPError, status: 429) }
        world.run()
        #expect(world.records.count == 3)
        for record in world.records {
            #expect(record.outcome.failure?.code == .downloadHTTPError)
            #expect(RetryAdvice(for: record.outcome)?.action == .rerun)
        }
    }

    @Test func hostThatRefusesHoldsBackNoOtherHost() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 2), jobs: JobID.samples(40)) { id, _ in
            let host = id.sampleNumber.isMultiple(of: 2) ? "good" : "bad"
            return .success(PollReply(.completed(CompletedImage(url: "https://\(host).example/\(id).png"))))
        }
        world.download = { id, _ in
            id.sampleNumber.isMultiple(of: 2) ? .success(.sample) : .failed(.downloadHTTPError, status: 429)
        }
        world.run(until: .seconds(20))
        #expect(world.records.count { $0.outcome.status == .downloaded } == 20)
        world.run()
        #expect(world.records.count { $0.outcome.failure?.code == .downloadHTTPError } == 20)
    }

    @Test func manyHostsAreForgottenWhenTheyHaveNoJobs() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(3000)) { id, _ in
            .success(PollReply(.completed(CompletedImage(url: "https://\(id).example/a.png"))))
        }
        world.run()
        #expect(world.records.count { $0.outcome.status == .downloaded } == 3000)
        #expect(world.scheduler.imageHosts.hosts.count <= ImageHosts.most + RunPolicy().concurrency)
    }

    @Test func refusalsAreToldWithTheirLengthAndTheNextAsking() {
        var world = SchedulerWorld(policy: RunPolicy(maxWait: .seconds(3)), jobs: [.sample(1)]) { _, _ in
            Self.refused()
        }
        world.latency = .zero
        world.run()
        #expect(
            world.notices == [
                .refused(.poll, refusedFor: .zero, askedAgainIn: .seconds(1)),
                .refused(.poll, refusedFor: .seconds(1), askedAgainIn: .seconds(2)),
                .closed(.poll, refusedFor: .seconds(3), notBefore: nil),
            ])
    }

    private final class Clock {
        var now: Duration = .zero
    }
}
