import Testing

@testable import FetchCore

/// What is believed of a reply, and how often it is asked again before it is.
@Suite struct SchedulerBeliefTests {
    private static func notFound() -> Result<PollReply, JobFailure> {
        .failure(JobFailure(.httpError, at: .poll, "who?", httpStatus: 404, cause: .foreignNotFound))
    }

    private static func withoutURL() -> Result<PollReply, JobFailure> {
        .success(PollReply(.completedWithoutURL(JobFailure(.invalidResponse, at: .poll, "no url", httpStatus: 200))))
    }

    @Test func jobThatNobodyFindsWhileOthersAreToldOfIsUnknownAfterThreePolls() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(3)) { id, count in
            id == .sample(1) ? Self.notFound() : count < 4 ? .inProgress : .completed
        }
        world.latency = .zero
        world.run()
        let record = world.record(of: .sample(1))
        #expect(record?.outcome.failure?.code == .jobNotFound)
        #expect(record?.outcome.failure?.httpStatus == 404)
        #expect(world.log.filter { $0.id == .sample(1) }.map(\.at) == [.zero, .seconds(10), .seconds(25)])
        #expect(record.flatMap { RetryAdvice(for: $0.outcome) }?.action == .resubmit)
    }

    @Test func runAgainstAWrongUrlCondemnsNobody() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(20)) { _, _ in Self.notFound() }
        world.run()
        #expect(world.records.count == 20)
        for record in world.records {
            #expect(record.polls == 3)
            #expect(record.outcome.failure?.code == .httpError)
            let advice = RetryAdvice(for: record.outcome)
            #expect(advice?.action == .rerun)
            #expect(advice?.reason == .foreignNotFound)
        }
    }

    @Test func jobIsDownloadedWhenTheAPIIsBack() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(20)) { _, count in
            count < 3 ? Self.notFound() : .completed
        }
        world.run()
        #expect(world.records.allSatisfy { $0.outcome.status == .downloaded })
    }

    @Test func jobThatWasInProgressIsNeverUnknown() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(2)) { id, count in
            id == .sample(1) && count > 1 ? Self.notFound() : count < 9 ? .inProgress : .completed
        }
        world.run()
        #expect(world.record(of: .sample(1))?.outcome.failure?.code == .httpError)
        #expect(world.record(of: .sample(1))?.polls == 4)
    }

    @Test func jobThatAnEarlierRunSawIsNeverUnknown() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(2)) { id, count in
            id == .sample(1) ? Self.notFound() : count < 9 ? .inProgress : .completed
        }
        let entry = ManifestEntry(
            manifest: "jobs.jsonl", line: 1, input: nil, firstSeen: Timestamp(milliseconds: 0), isKnownToAPI: true)
        world.lines[0] = .job(.sample(1), entry)
        world.run()
        #expect(world.record(of: .sample(1))?.outcome.failure?.code == .httpError)
    }

    @Test func anotherAnswerBetweenThemBeginsTheCountAnew() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: JobID.samples(2)) { id, count in
            guard id == .sample(1) else { return count < 20 ? .inProgress : .completed }
            return count == 3 ? .failed(.serverError, status: 500) : Self.notFound()
        }
        world.run()
        #expect(world.record(of: .sample(1))?.polls == 6)
        #expect(world.record(of: .sample(1))?.outcome.failure?.code == .jobNotFound)
    }

    @Test func theAPIsOwnWordsAreBelievedAtOnce() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, _ in
            .failed(.jobNotFound, status: 404)
        }
        world.run()
        #expect(world.records.first?.polls == 1)
        #expect(world.records.first?.outcome.failure?.code == .jobNotFound)
    }

    @Test func jobThatIsAskedOnceIsNotCondemned() {
        var world = SchedulerWorld(policy: RunPolicy(once: true), jobs: JobID.samples(9)) { id, _ in
            id == .sample(1) ? Self.notFound() : .completed
        }
        world.run()
        #expect(world.record(of: .sample(1))?.polls == 1)
        #expect(world.record(of: .sample(1))?.outcome.failure?.code == .httpError)
    }

    @Test func lastAskingFallsOnTheLongestWait() {
        var world = SchedulerWorld(policy: RunPolicy(maxWait: .seconds(5)), jobs: [.sample(1)]) { _, _ in
            Self.notFound()
        }
        world.latency = .zero
        world.run()
        #expect(world.moments(.poll) == [.zero, .seconds(5)])
        #expect(world.records.first?.outcome.failure?.code == .httpError)
    }

    @Test func completedJobIsAskedAgainForItsUrl() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, count in
            count < 4 ? Self.withoutURL() : .completed
        }
        world.latency = .zero
        world.run()
        #expect(world.moments(.poll) == [.zero, .seconds(10), .seconds(25), .seconds(47.5)])
        #expect(world.records.first?.outcome.status == .downloaded)
    }

    @Test func jobThatStaysWithoutAUrlIsAskedAgainThreeTimes() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, _ in Self.withoutURL() }
        world.run()
        #expect(world.records.first?.polls == 4)
        #expect(world.records.first?.outcome.failure?.code == .invalidResponse)
        #expect(world.records.first?.outcome.status == .failed)
    }

    @Test func jobWithoutAUrlThatIsAskedOnceIsAnInvalidResponse() {
        var world = SchedulerWorld(policy: RunPolicy(once: true), jobs: [.sample(1)]) { _, _ in Self.withoutURL() }
        world.run()
        #expect(world.records.first?.polls == 1)
        #expect(world.records.first?.outcome.failure?.code == .invalidResponse)
    }

    // MARK: Images

    private static func image(_ sha256: String, irregularity: String? = nil) -> Result<ProvenImage, JobFailure> {
        .success(
            ProvenImage(path: "a", bytes: 1, width: 64, height: 64, sha256: sha256, irregularity: irregularity))
    }

    private static func otherImage(_ sha256: String) -> Result<ProvenImage, JobFailure> {
        .failure(JobFailure(.notPNG, at: .download, "a JPEG", cause: .otherImage(sha256: sha256)))
    }

    private func run(_ downloads: Result<ProvenImage, JobFailure>...) -> SchedulerWorld {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: [.sample(1)]) { _, _ in .completed }
        world.download = { _, count in downloads[min(count, downloads.count) - 1] }
        world.run()
        return world
    }

    @Test func irregularImageIsKeptWhenItComesTwiceTheSame() {
        let world = run(Self.image("aa", irregularity: "odd"))
        #expect(world.records.first?.outcome.status == .downloaded)
        #expect(world.records.first?.warnings == [.irregularPNG])
        #expect(world.records.first?.downloads == 2)
        #expect(world.records.first?.polls == 1)
        #expect(world.discarded == 1)
    }

    @Test func irregularImageThatWasDamageIsForgottenForAGoodOne() {
        let world = run(Self.image("aa", irregularity: "odd"), Self.image("bb"))
        #expect(world.records.first?.outcome.status == .downloaded)
        #expect(world.records.first?.warnings == [])
    }

    @Test func irregularImagesThatDifferAreCorrupt() {
        let world = run(
            Self.image("aa", irregularity: "odd"), Self.image("bb", irregularity: "odd"),
            Self.image("cc", irregularity: "very odd"))
        let failure = world.records.first?.outcome.failure
        #expect(failure?.code == .corruptPNG)
        #expect(failure?.message == "very odd")
        #expect(world.records.first?.downloads == 3)
        #expect(world.records.first?.polls == 2)
        #expect(world.discarded == 3)
    }

    @Test func otherImageThatComesTwiceTheSameIsConfirmed() {
        let world = run(Self.otherImage("aa"))
        #expect(world.records.first?.downloads == 2)
        #expect(
            world.records.first?.outcome.failure?.cause == .otherImage(sha256: "aa", confirmed: true))
    }

    @Test func otherImagesThatDifferAreNotConfirmed() {
        let world = run(Self.otherImage("aa"), Self.otherImage("bb"))
        #expect(
            world.records.first?.outcome.failure?.cause == .otherImage(sha256: "bb", confirmed: false))
    }
}
