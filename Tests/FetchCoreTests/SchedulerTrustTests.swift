import Testing

@testable import FetchCore

/// Jobs whose manifest line tells their end, and is believed.
@Suite struct SchedulerTrustTests {
    private static let image = CompletedImage(
        url: "https://cdn.example/a.png?sig=1", width: 64, height: 64, creditsUsed: "0.60")

    private static func told(_ number: Int = 1, _ reply: TrustedReply = .completed(image, warnings: [])) -> ManifestItem
    {
        let entry = ManifestEntry(
            manifest: "jobs.jsonl", line: number, input: nil, firstSeen: Timestamp(milliseconds: 0), isKnownToAPI: true)
        return .told(.sample(number), entry, reply)
    }

    private static func world(
        _ lines: [ManifestItem], policy: RunPolicy = RunPolicy(),
        poll: @escaping (JobID, Int) -> Result<PollReply, JobFailure> = { _, _ in .completed }
    ) -> SchedulerWorld {
        var world = SchedulerWorld(policy: policy, jobs: [], poll: poll)
        world.lines = lines
        return world
    }

    @Test func completedJobIsDownloadedWithoutAPoll() {
        var world = Self.world([Self.told(1, .completed(Self.image, warnings: [.jobIDNotEchoed]))])
        world.run()
        #expect(world.log.map(\.kind) == [.download])
        let record = world.records.first
        #expect(record?.outcome == .downloaded(.sample, url: "https://cdn.example/a.png"))
        #expect(record?.polls == 0)
        #expect(record?.downloads == 1)
        #expect(record?.elapsed == nil)
        #expect(record?.creditsUsed == "0.60")
        #expect(record?.warnings == [.jobIDNotEchoed])
        #expect(world.broken == [])
    }

    @Test func declaredSizeIsComparedAsThatOfAPoll() {
        let image = CompletedImage(url: Self.image.url, width: 65, height: 64)
        var world = Self.world([Self.told(1, .completed(image, warnings: []))])
        world.run()
        #expect(world.records.first?.warnings == [.dimensionMismatch])
    }

    @Test func failedJobIsRecordedWithoutARequest() {
        let failure = JobFailure(.jobFailed, at: .poll, "no", apiCode: "5001", apiMessage: "no luck")
        var world = Self.world([Self.told(1, .failed(failure))])
        world.run()
        #expect(world.log == [])
        #expect(world.records.first?.outcome == .failed(failure))
        #expect(world.records.first?.polls == 0)
        #expect(world.records.first?.downloads == 0)
    }

    @Test func sameReplyAgainIsADuplicate() {
        var world = Self.world([Self.told(), .told(.sample(1), .sample(line: 2), .completed(Self.image, warnings: []))])
        world.run()
        #expect(world.records.map(\.outcome.status).sorted { $0.rawValue < $1.rawValue } == [.downloaded, .duplicate])
        #expect(world.log.count == 1)
    }

    @Test func toldJobsNeedNoPollBesideThoseThatDo() {
        let lines = (1...40).map { $0.isMultiple(of: 2) ? Self.told($0) : .job(.sample($0), .sample(line: $0)) }
        var world = Self.world(lines, policy: RunPolicy(concurrency: 3, window: 7))
        world.run()
        #expect(world.records.count == 40)
        #expect(world.moments(.poll).count == 20)
        #expect(world.moments(.download).count == 40)
        #expect(world.broken == [])
    }

    @Test(
        arguments: [
            .failed(.urlExpired, status: 403), .failed(.notPNG), .failed(.urlRejected), .failed(.imageTooLarge),
            .failed(.tlsFailed), .failed(.downloadHTTPError, status: 400), .failed(.downloadHTTPError, status: 500),
            .failed(.dnsFailed), .failed(.connectionFailed), .failed(.timeout), .failed(.truncated),
        ] as [Result<ProvenImage, JobFailure>])
    func urlThatGivesNothingLeadsToAPoll(bad: Result<ProvenImage, JobFailure>) {
        var world = Self.world([Self.told()], policy: RunPolicy(retries: 2))
        var isFresh = false
        world.poll = { _, _ in
            isFresh = true
            return .completed
        }
        world.download = { _, _ in isFresh ? .success(.sample) : bad }
        world.run()
        #expect(world.records.first?.outcome.status == .downloaded)
        #expect(world.records.first?.polls == 1)
    }

    @Test func freshUrlThatGivesNothingEitherEndsTheJob() {
        for code in [FailureCode.urlExpired, .urlRejected, .dnsFailed] {
            var world = Self.world([Self.told()], policy: RunPolicy(retries: 1))
            world.download = { _, _ in .failed(code) }
            world.run()
            #expect(world.records.first?.outcome.failure?.code == code)
            #expect(world.records.first?.polls == 1, "\(code)")
        }
    }

    @Test func jobThatTheAPICallsUnfinishedAfterABadUrlIsWaitedFor() {
        var world = Self.world([Self.told()]) { _, count in count < 4 ? .inProgress : .completed }
        world.download = { _, count in count == 1 ? .failed(.urlExpired, status: 404) : .success(.sample) }
        world.run()
        #expect(world.records.first?.outcome.status == .downloaded)
        #expect(world.records.first?.polls == 4)
    }

    @Test func diskThatIsFullLeadsToNoPoll() {
        var world = Self.world([Self.told()])
        world.download = { _, _ in .failed(.diskFull, at: .store, stopsRun: true) }
        world.run()
        #expect(world.log.map(\.kind) == [.download])
        #expect(world.records.first?.outcome.failure?.code == .diskFull)
    }

    @Test func jobThatTheLineCallsFinishedIsNotCondemnedByForeignNotFounds() {
        let lines = [Self.told()] + (2...4).map { ManifestItem.job(.sample($0), .sample(line: $0)) }
        var world = Self.world(lines) { id, count in
            guard id == .sample(1) else { return count < 9 ? .inProgress : .completed }
            return .failure(JobFailure(.httpError, at: .poll, "who?", httpStatus: 404, cause: .foreignNotFound))
        }
        world.download = { id, _ in id == .sample(1) ? .failed(.urlExpired, status: 404) : .success(.sample) }
        world.run()
        #expect(world.record(of: .sample(1))?.outcome.failure?.code == .httpError)
    }

    @Test func repliesOnLinesDoNotTellThatTheAPIIsThere() {
        let failure = JobFailure(.jobFailed, at: .poll, "no")
        let lines = [ManifestItem.job(.sample(1), .sample(line: 1))] + (2...4).map { Self.told($0, .failed(failure)) }
        var world = Self.world(lines) { _, _ in
            .failure(JobFailure(.httpError, at: .poll, "who?", httpStatus: 404, cause: .foreignNotFound))
        }
        world.run()
        #expect(world.record(of: .sample(1))?.outcome.failure?.code == .httpError)
    }

    @Test func jobAskedOnceIsStillAskedAfterABadUrl() {
        var world = Self.world([Self.told()], policy: RunPolicy(once: true))
        world.download = { _, count in count == 1 ? .failed(.urlExpired, status: 403) : .success(.sample) }
        world.run()
        #expect(world.records.first?.outcome.status == .downloaded)
    }

    @Test func afterASignalNothingIsFetchedForALineThatWasRead() {
        var scheduler = Scheduler(policy: RunPolicy())
        _ = scheduler.handle(.started, at: .zero, jitter: 0)
        _ = scheduler.handle(.signal(.stop(15)), at: .zero, jitter: 0)
        let failure = JobFailure(.jobCleaned, at: .poll, "gone")
        let records = scheduler.read(
            ManifestBatch(items: [Self.told(1), Self.told(2, .failed(failure))], ended: true)
        ).records
        #expect(records.map(\.outcome.failure?.code) == [.interrupted, .jobCleaned])
    }
}
