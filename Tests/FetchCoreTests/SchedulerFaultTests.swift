import Testing
import TestRandom

@testable import FetchCore

/// What transient faults, refusals and bad images lead to.
@Suite struct SchedulerFaultTests {
    @Test func transientFaultIsRetriedWithBackOffAndThenRecorded() {
        var world = SchedulerWorld(policy: RunPolicy(retries: 3), jobs: [.sample(1)]) { _, _ in
            .failed(.serverError, status: 500)
        }
        world.latency = .zero
        world.jitter = { 0.999_999 }
        world.run()
        let polls = world.moments(.poll).map { ($0 / .seconds(1)).rounded() }
        #expect(polls == [0, 1, 3, 7])
        #expect(world.records.first?.outcome.failure?.code == .serverError)
        #expect(world.records.first?.polls == 4)
    }

    @Test func retryHoldsNoSlot() {
        let policy = RunPolicy(concurrency: 1, retries: 1, backOff: BackOff(base: .seconds(60), longest: .seconds(60)))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(20)) { id, count in
            id == .sample(1) && count == 1 ? .failed(.timeout) : .completed
        }
        world.jitter = { 0.5 }
        world.run()
        #expect(world.records.last?.jobID == .sample(1))
        #expect(world.records.dropLast().allSatisfy { ($0.elapsed ?? .zero) < .seconds(5) })
    }

    @Test func aGoodReplyForgetsEarlierFaults() {
        var world = SchedulerWorld(policy: RunPolicy(retries: 1), jobs: [.sample(1)]) { _, count in
            switch count {
            case 1, 3, 5: .failed(.timeout)
            case 6: .completed
            default: .inProgress
            }
        }
        world.run()
        #expect(world.records.first?.outcome.status == .downloaded)
    }

    @Test(arguments: [
        FailureCode.jobFailed, .jobNotFound, .jobCleaned, .tlsFailed, .httpError, .jobIDMismatch, .notAnImageJob,
    ]) func finalFailureIsNotRetried(code: FailureCode) {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, _ in .failed(code, status: 200) }
        world.run()
        #expect(world.records.first?.outcome.failure?.code == code)
        #expect(world.records.first?.polls == 1)
    }

    @Test(arguments: [429, 503]) func retryAfterHoldsBackTheWholeOrigin(status: Int) {
        let policy = RunPolicy(concurrency: 4)
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(50)) { id, count in
            id == .sample(5) && count == 1
                ? .failed(status == 429 ? .rateLimited : .serverError, status: status, retryAfter: .seconds(20))
                : .completed
        }
        world.run()
        let refused = world.log.first { $0.id == .sample(5) }?.at ?? .zero
        let answered = refused + world.latency
        #expect(world.moments(.poll).allSatisfy { $0 <= answered || $0 >= answered + .seconds(20) })
        #expect(world.records.allSatisfy { $0.outcome.status == .downloaded })
    }

    @Test func serverInTroubleThatNamesATimeBeyondTheLongestWaitIsAskedAfterThat() {
        var world = SchedulerWorld(policy: RunPolicy(maxWait: .seconds(30)), jobs: [.sample(1)]) { _, count in
            count == 1 ? .failed(.serverError, status: 503, retryAfter: .seconds(86_400)) : .completed
        }
        world.latency = .zero
        world.run()
        #expect(world.moments(.poll) == [.zero, .seconds(30)])
    }

    @Test func downloadsGoOnWhileTheAPIAsksForAPause() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 2), jobs: JobID.samples(2)) { id, count in
            id == .sample(2) && count == 1 ? .failed(.rateLimited, status: 429, retryAfter: .seconds(60)) : .completed
        }
        world.run()
        #expect((world.record(of: .sample(1))?.elapsed ?? .seconds(99)) < .seconds(1))
    }

    @Test(arguments: [FailureCode.urlExpired, .notPNG, .corruptPNG]) func badUrlIsRefreshedOnce(code: FailureCode) {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1), .sample(2)]) { _, _ in .completed }
        world.download = { id, count in
            id == .sample(1) && count == 2 ? .success(.sample) : .failed(code, status: 403)
        }
        world.run()
        let good = world.record(of: .sample(1))
        #expect(good?.outcome.status == .downloaded)
        #expect(good?.polls == 2)
        #expect(good?.downloads == 2)
        let bad = world.record(of: .sample(2))
        #expect(bad?.outcome.failure?.code == code)
        #expect(bad?.polls == 2)
        #expect(bad?.downloads == 2)
    }

    @Test func completedStaysCompletedWhenTheFreshPollSaysOtherwise() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, count in
            count == 1 ? .completed : .inProgress
        }
        world.download = { _, _ in .failed(.urlExpired, status: 404) }
        world.run()
        #expect(world.records.first?.outcome.failure?.code == .urlExpired)
        #expect(world.records.first?.polls == 2)
    }

    @Test func freshPollThatFindsTheImageRemovedSaysSo() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, count in
            count == 1 ? .completed : .failed(.jobCleaned, status: 200)
        }
        world.download = { _, _ in .failed(.urlExpired, status: 404) }
        world.run()
        #expect(world.records.first?.outcome.failure?.code == .jobCleaned)
    }

    @Test func transientDownloadFaultIsRetriedWithTheSameUrl() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, _ in .completed }
        world.download = { _, count in
            switch count {
            case 1: .failed(.truncated)
            case 2: .failed(.downloadHTTPError, status: 502)
            default: .success(.sample)
            }
        }
        world.run()
        #expect(world.records.first?.outcome.status == .downloaded)
        #expect(world.records.first?.polls == 1)
        #expect(world.records.first?.downloads == 3)
    }

    @Test func downloadAnsweredWithAFinalStatusIsNotRetried() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, _ in .completed }
        world.download = { _, _ in .failed(.downloadHTTPError, status: 416) }
        world.run()
        #expect(world.records.first?.downloads == 1)
    }

    @Test func outageDoesNotMultiplyRequestsAndTheRunEnds() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(5000)) { _, _ in .failed(.connectionFailed)
        }
        let draws = Draws(SeededGenerator(seed: 1))
        world.jitter = { draws.unit() }
        world.run()
        #expect(world.records.count == 5000)
        #expect(world.records.allSatisfy { $0.outcome.failure?.code == .connectionFailed })
        #expect(world.log.count < 5500)
        #expect(world.now < .seconds(120))
    }

    @Test func shortOutageCostsNoJob() {
        // The API is out of order for ten seconds of the run; every job is done all the same.
        let outage = Duration.seconds(2)...Duration.seconds(12)
        let clock = Box(Duration.zero)
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(2000)) { _, _ in
            outage.contains(clock.value) ? .failed(.serverError, status: 503) : .completed
        }
        world.tick = { clock.value = $0 }
        let draws = Draws(SeededGenerator(seed: 1))
        world.jitter = { draws.unit() }
        world.run()
        #expect(world.records.allSatisfy { $0.outcome.status == .downloaded })
        #expect(world.moments(.poll).count { outage.contains($0) } < 200)
    }

    @Test func aServerWithAHiddenLimitIsFoundOutAndEveryJobIsDone() {
        // The server bears 20 polls in any second and answers 429 without a time to the rest.
        let policy = RunPolicy(concurrency: 16)
        let server = Limiter(perSecond: 20)
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(2000)) { _, _ in server.answer() }
        world.tick = { server.now = $0 }
        let draws = Draws(SeededGenerator(seed: 1))
        world.jitter = { draws.unit() }
        world.latency = .milliseconds(5)
        world.run()
        #expect(world.records.count { $0.outcome.status == .downloaded } == 2000)
        #expect(server.refused < 300)
        #expect(world.now < .seconds(400))
    }
}

/// A value that a closure can see change.
private final class Box<Value> {
    var value: Value

    init(_ value: Value) {
        self.value = value
    }
}

/// A server that bears so many polls in any one second.
private final class Limiter {
    var now: Duration = .zero
    var refused = 0
    private let perSecond: Int
    private var admitted: [Duration] = []

    init(perSecond: Int) {
        self.perSecond = perSecond
    }

    func answer() -> Result<PollReply, JobFailure> {
        admitted.removeAll { $0 <= now - .seconds(1) }
        guard admitted.count < perSecond else {
            refused += 1
            return .failed(.rateLimited, status: 429)
        }
        admitted.append(now)
        return .completed
    }
}
