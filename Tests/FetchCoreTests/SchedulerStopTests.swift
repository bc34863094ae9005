import Testing

@testable import FetchCore

/// What ends a run before the manifest does.
@Suite struct SchedulerStopTests {
    @Test func rejectedKeyStopsPollingAndFailsEveryLineRead() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 4, window: 40), jobs: JobID.samples(100)) { id, _ in
            id == .sample(30) ? .failed(.unauthorized, status: 401) : .completed
        }
        world.run()
        #expect(world.finished)
        #expect(world.records.count == world.linesRead)
        #expect(world.linesRead < 100)
        let answered = world.log.first { $0.id == .sample(30) }.map { $0.at + world.latency } ?? .zero
        #expect(world.moments(.poll).allSatisfy { $0 <= answered })
        let rejected = world.records.filter { $0.outcome.failure?.code == .unauthorized }
        #expect(rejected.count + world.records.count { $0.outcome.status == .downloaded } == world.records.count)
        #expect(rejected.allSatisfy { $0.outcome.status == .failed })
    }

    @Test func linesThatWereReadAsTheStopCameAreTheLast() {
        var scheduler = Scheduler(policy: RunPolicy())
        _ = scheduler.handle(.started, at: .zero, jitter: 0)
        _ = scheduler.handle(.signal(.stop(15)), at: .zero, jitter: 0)
        // The read had come back before it was told to stop, so it knows nothing of an end.
        let items = [ManifestItem.job(.sample(1), .sample(line: 1))]
        var commands = scheduler.handle(.manifest(ManifestBatch(items: items, ended: false)), at: .zero, jitter: 0)
        let records = commands.records
        #expect(records.count == 1)
        commands = scheduler.handle(.recorded(records), at: .zero, jitter: 0)
        #expect(commands.contains { if case .finish = $0 { true } else { false } })
        #expect(!scheduler.manifestExhausted)
    }

    @Test func imagesInHandAreFetchedAfterTheKeyWasRejected() {
        // The first job's download waits for its second attempt when the third job's poll finds the key rejected.
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 2), jobs: JobID.samples(3)) { id, _ in
            switch id {
            case .sample(1): .completed
            case .sample(2): .inProgress
            default: .failed(.unauthorized, status: 401)
            }
        }
        world.jitter = { 0.5 }
        world.download = { _, count in count < 3 ? .failed(.timeout) : .success(.sample) }
        world.run()
        #expect(world.record(of: .sample(1))?.outcome.status == .downloaded)
        #expect(world.record(of: .sample(1))?.downloads == 3)
        #expect(world.record(of: .sample(2))?.outcome.failure?.code == .unauthorized)
        #expect(world.record(of: .sample(3))?.outcome.failure?.code == .unauthorized)
    }

    @Test func fiveForbiddenInARowStopTheRun() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 1), jobs: JobID.samples(50)) { _, _ in
            .failed(.forbidden, status: 403)
        }
        world.run()
        #expect(world.moments(.poll).count == 5)
        #expect(world.records.allSatisfy { $0.outcome.failure?.code == .forbidden })
        #expect(world.records.count == 50)
    }

    @Test func forbiddenWithSuccessBetweenIsTheJobsOwn() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 1), jobs: JobID.samples(50)) { id, _ in
            id == .sample(4) || id == .sample(9) ? .completed : .failed(.forbidden, status: 403)
        }
        world.lines.removeLast(37)
        world.run()
        #expect(world.moments(.poll).count == 13)
        #expect(world.scheduler.stop == nil)
    }

    @Test func fullDiskStartsNothingNew() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 1), jobs: JobID.samples(10)) { _, _ in .completed }
        world.download = { id, _ in
            id == .sample(2) ? .failed(.diskFull, at: .store, stopsRun: true) : .success(.sample)
        }
        world.run()
        #expect(world.records.count == 10)
        #expect(world.record(of: .sample(1))?.outcome.status == .downloaded)
        #expect(world.record(of: .sample(2))?.outcome.failure?.code == .diskFull)
        #expect(world.records.count { $0.outcome.failure?.code == .interrupted } == 8)
        #expect(world.log.count == 4)
    }

    @Test func failedSyncStopsTheRunToo() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 1), jobs: JobID.samples(10)) { _, _ in .completed }
        world.commit = { record in
            guard record.outcome.status == .downloaded else { return record }
            return record.failing(JobFailure(.writeFailed, at: .store, "no", stopsRun: true))
        }
        world.run()
        #expect(world.records.count == 10)
        #expect(world.records.allSatisfy { $0.outcome.status != .downloaded })
        #expect(world.moments(.download).count <= 2)
    }

    @Test func faultOfOneFileStopsNothing() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(10)) { _, _ in .completed }
        world.download = { id, _ in id == .sample(2) ? .failed(.writeFailed, at: .store) : .success(.sample) }
        world.run()
        #expect(world.records.count { $0.outcome.status == .downloaded } == 9)
        #expect(world.scheduler.stop == nil)
    }

    @Test func signalLeavesEveryLineReadPendingAndLetsRequestsFinish() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 4), jobs: JobID.samples(50)) { _, _ in .completed }
        world.latency = .seconds(2)
        world.run(until: .seconds(3))
        world.deliver(.signal(.stop(15)))
        world.run()
        #expect(world.finished)
        #expect(world.records.count == 50)
        #expect(world.log.allSatisfy { $0.at <= .seconds(3) })
        #expect(world.records.count { $0.outcome.status == .downloaded } > 0)
        #expect(!world.cancelled)
    }

    @Test func requestsThatOutlastTheGraceAreCancelled() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 1), jobs: [.sample(1)]) { _, _ in .completed }
        world.latency = .seconds(60)
        world.run(until: .seconds(1))
        world.deliver(.signal(.stop(2)))
        world.run(until: .seconds(10.5))
        #expect(!world.cancelled)
        world.run(until: .seconds(11))
        #expect(world.cancelled)
    }

    @Test func cancelledRequestIsPendingAndNotFailed() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, _ in .failed(.interrupted) }
        world.run(until: .milliseconds(50))
        world.deliver(.signal(.stop(15)))
        world.run()
        #expect(world.records.first?.outcome.status == .pending)
        #expect(world.records.first?.outcome.failure?.code == .interrupted)
    }

    @Test func signalOutranksAnotherStop() {
        var world = SchedulerWorld(policy: RunPolicy(deadline: .seconds(1)), jobs: JobID.samples(3)) { _, _ in
            .completed
        }
        world.latency = .seconds(5)
        world.run(until: .seconds(2))
        world.deliver(.signal(.stop(1)))
        world.run()
        #expect(world.scheduler.stop == .signal(1))
    }

    @Test func fullDiskOutranksARejectedKey() {
        var world = SchedulerWorld(policy: RunPolicy(concurrency: 3), jobs: JobID.samples(3)) { id, _ in
            id == .sample(3) ? .failed(.unauthorized, status: 401) : .completed
        }
        world.download = { id, _ in
            id == .sample(1) ? .failed(.diskFull, at: .store, stopsRun: true) : .failed(.timeout)
        }
        world.run()
        guard case .storage = world.scheduler.stop else {
            Issue.record("the run stopped for \(String(describing: world.scheduler.stop))")
            return
        }
        // The key's rejection lets downloads go on; a full disk does not.
        #expect(world.moments(.download).count == 2)
        #expect(world.record(of: .sample(2))?.outcome.failure?.code == .interrupted)
    }

    @Test func rejectedKeyOutranksTheDeadlineAndTheImageInHandIsFetched() {
        let policy = RunPolicy(concurrency: 2, deadline: .milliseconds(50))
        var world = SchedulerWorld(policy: policy, jobs: JobID.samples(2)) { id, _ in
            id == .sample(1) ? .failed(.unauthorized, status: 401) : .completed
        }
        world.run()
        guard case .credentials = world.scheduler.stop else {
            Issue.record("the run stopped for \(String(describing: world.scheduler.stop))")
            return
        }
        #expect(world.record(of: .sample(2))?.outcome.status == .downloaded)
    }

    @Test func cancellationOfAnyStepIsPendingAlsoWithoutAStop() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(2)) { id, _ in
            id == .sample(1) ? .failed(.interrupted) : .completed
        }
        world.download = { _, _ in .failed(.interrupted, at: .run) }
        world.run()
        #expect(world.records.count == 2)
        #expect(world.records.allSatisfy { $0.outcome.status == .pending })
    }
}
