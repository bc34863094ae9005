import Glibc
import Synchronization
import Testing

@testable import FetchCore

/// The loop that does what the scheduler decides, over stand-ins in memory.
@Suite(.timeLimit(.minutes(1))) struct RunnerTests {
    @Test func everyLineEndsAsARecord() async {
        let world = FakeWorld(jobs: JobID.samples(500))
        let report = await world.run(RunPolicy(concurrency: 8))
        #expect(report.summary.count(of: .downloaded) == 500)
        #expect(report.manifestExhausted)
        #expect(RunEnd(of: report) == .complete)
        #expect(world.mostAtOnce <= 8)
        #expect(world.records.count == 500)
    }

    @Test func idleManifestDoesNotHoldUpItsFirstJobAndASignalEndsTheRun() async {
        let world = FakeWorld(jobs: [.sample(1)])
        world.staysOpen = true
        // The signal comes when the only job has been recorded, which therefore did not wait for the manifest's end.
        world.signalAfterRecords = 1
        let report = await world.run(RunPolicy())
        #expect(report.summary.count(of: .downloaded) == 1)
        #expect(report.stop == .signal(15))
        #expect(RunEnd(of: report) == .stopped(signal: 15))
    }

    @Test func lostResultsEndTheRunAtOnce() async {
        let world = FakeWorld(jobs: JobID.samples(100))
        world.failsAfterRecords = 3
        let report = await world.run(RunPolicy(concurrency: 2))
        #expect(report.failure == .resultsNotWritten("full"))
        #expect(world.records.count == 3)
        #expect(RunEnd(of: report) == .outputLost)
    }

    @Test func downloadIsTimedFromTheRequestToTheLastByte() async {
        let world = FakeWorld(jobs: JobID.samples(3))
        world.downloadTime = .seconds(7)
        _ = await world.run(RunPolicy(concurrency: 1))
        #expect(world.records.map(\.downloadTime) == [.seconds(7), .seconds(7), .seconds(7)])
    }

    @Test func failedDownloadDiscardsItsPart() async {
        let world = FakeWorld(jobs: JobID.samples(4))
        world.downloadFailure = JobFailure(.urlRejected, at: .download, "no")
        let report = await world.run(RunPolicy())
        #expect(report.summary.count(of: .failed) == 4)
        #expect(world.discarded == 4)
    }
}

/// Manifest, API, image host, disk and clock in memory. Sleeps end at once, and time has moved on by then.
private final class FakeWorld: ManifestSource, StatusService, ImageSource, ImageStore, ResultSink, RunClock, Sendable {
    private struct State {
        var jobs: ArraySlice<JobID>
        var stopped = false
        var atOnce = 0
        var mostAtOnce = 0
        var records: [JobRecord] = []
        var time: Duration = .zero
        var discarded = 0
    }

    private struct Settings {
        var staysOpen = false
        var signalAfterRecords: Int?
        var failsAfterRecords: Int?
        var downloadFailure: JobFailure?
        var downloadTime: Duration = .zero
    }

    private let state: Mutex<State>
    private let settings = Mutex(Settings())
    private let recorded = AsyncStream<Int>.makeStream()

    init(jobs: [JobID]) {
        state = Mutex(State(jobs: jobs[...]))
    }

    var staysOpen: Bool {
        get { settings.withLock(\.staysOpen) }
        set { settings.withLock { $0.staysOpen = newValue } }
    }
    var signalAfterRecords: Int? {
        get { settings.withLock(\.signalAfterRecords) }
        set { settings.withLock { $0.signalAfterRecords = newValue } }
    }
    var failsAfterRecords: Int? {
        get { settings.withLock(\.failsAfterRecords) }
        set { settings.withLock { $0.failsAfterRecords = newValue } }
    }
    var downloadFailure: JobFailure? {
        get { settings.withLock(\.downloadFailure) }
        set { settings.withLock { $0.downloadFailure = newValue } }
    }
    /// By how much a download moves the clock on.
    var downloadTime: Duration {
        get { settings.withLock(\.downloadTime) }
        set { settings.withLock { $0.downloadTime = newValue } }
    }
    var mostAtOnce: Int { state.withLock(\.mostAtOnce) }
    var records: [JobRecord] { state.withLock(\.records) }
    var discarded: Int { state.withLock(\.discarded) }

    func run(_ policy: RunPolicy) async -> RunReport {
        let ports = RunPorts(
            manifest: self, api: self, images: self, store: self, results: self, clock: self, random: { 0.5 },
            signal: { [self] in
                guard let wanted = signalAfterRecords else { return nil }
                for await count in recorded.stream where count == wanted { return .stop(15) }
                return nil
            })
        return await Runner(ports: ports, policy: policy).run()
    }

    func read(upTo limit: Int) -> ManifestBatch {
        let batch = state.withLock { state -> ManifestBatch? in
            let piece = state.jobs.prefix(limit)
            state.jobs = state.jobs.dropFirst(limit)
            let ended = state.stopped || (state.jobs.isEmpty && !staysOpen)
            guard !piece.isEmpty || ended else { return nil }
            return ManifestBatch(items: piece.map { .job($0, .sample(line: 1)) }, ended: ended)
        }
        if let batch { return batch }
        // An idle manifest: nothing comes until it is stopped.
        while !state.withLock(\.stopped) { usleep(1000) }
        return ManifestBatch(items: [], ended: true)
    }

    func stop() {
        state.withLock { $0.stopped = true }
    }

    var unreadable: [String] { [] }

    func status(of id: JobID) async throws(JobFailure) -> PollReply {
        await request()
        return PollReply(.completed(CompletedImage(url: "https://cdn.example/\(id).png")))
    }

    func download(
        _ url: String, into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) {
        await request()
        if let downloadFailure { throw downloadFailure }
        let body: [UInt8] = [1, 2, 3]
        try consume(body.span.bytes)
        let time = downloadTime
        state.withLock { $0.time += time }
    }

    private func request() async {
        state.withLock { state in
            state.atOnce += 1
            state.mostAtOnce = max(state.mostAtOnce, state.atOnce)
        }
        await Task.yield()
        state.withLock { $0.atOnce -= 1 }
    }

    func makePart(for id: JobID, at place: ImagePlace) -> any PartFile { CountingPart(world: self) }
    func sync(_ parts: [any PartFile]) -> [Result<Void, JobFailure>] { parts.map { _ in .success(()) } }
    func syncDirectories() throws(JobFailure) {}

    func append(_ record: JobRecord) throws(RunFailure) {
        let count = state.withLock(\.records.count)
        if count == failsAfterRecords { throw .resultsNotWritten("full") }
        state.withLock { $0.records.append(record) }
        recorded.continuation.yield(count + 1)
    }

    func sync() throws(RunFailure) {}

    func now() -> Duration { state.withLock(\.time) }

    func sleep(until moment: Duration) async {
        state.withLock { $0.time = max($0.time, moment) }
    }

    func noteDiscard() { state.withLock { $0.discarded += 1 } }

    private final class CountingPart: PartFile {
        private let world: FakeWorld

        init(world: FakeWorld) {
            self.world = world
        }

        func write(_ bytes: RawSpan) throws(JobFailure) {}
        func prove() throws(JobFailure) -> ProvenImage { .sample }
        func sync() throws(JobFailure) {}
        func publish() throws(JobFailure) {}
        func discard() { world.noteDiscard() }
    }
}
