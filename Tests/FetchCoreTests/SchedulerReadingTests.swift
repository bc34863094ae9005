import Testing

@testable import FetchCore

/// The next lines are read while the last ones are taken in, and never more than there is room for.
@Suite struct SchedulerReadingTests {
    private static func batch(_ lines: ClosedRange<Int>, ended: Bool = false) -> ManifestBatch {
        ManifestBatch(items: lines.map { .job(.sample($0), .sample(line: $0)) }, ended: ended)
    }

    private static func started(_ policy: RunPolicy) -> Scheduler {
        var scheduler = Scheduler(policy: policy)
        _ = scheduler.handle(.started, at: .zero, jitter: 0)
        return scheduler
    }

    private static func limits(_ commands: [Scheduler.Command]) -> [Int] {
        commands.compactMap { if case .read(let limit) = $0 { limit } else { nil } }
    }

    private static func givenBack(_ commands: [Scheduler.Command]) -> [ManifestBatch] {
        commands.compactMap { if case .giveBack(let batch) = $0 { batch } else { nil } }
    }

    @Test func linesThatAreNotTakenInYetHaveTheirRoom() {
        var scheduler = Self.started(RunPolicy(concurrency: 1, window: 10))
        let commands = scheduler.handle(.manifest(Self.batch(1...7)), at: .zero, jitter: 0)
        #expect(Self.limits(commands) == [3])
        #expect(Self.givenBack(commands) == [Self.batch(1...7)])
        // One read is under way by now, so the lines ask for no other.
        #expect(Self.limits(scheduler.handle(.lines(Self.batch(1...7)), at: .zero, jitter: 0)).isEmpty)
    }

    @Test func linesThatFillTheWindowAreTakenInFirst() {
        var scheduler = Self.started(RunPolicy(concurrency: 1, window: 10))
        let commands = scheduler.handle(.manifest(Self.batch(1...9)), at: .zero, jitter: 0)
        #expect(Self.limits(commands).isEmpty)
        #expect(Self.givenBack(commands).isEmpty)
        #expect(scheduler.progress.read == 9)
    }

    @Test func bytesOfLinesThatAreNotTakenInYetCount() {
        let line = [UInt8](repeating: UInt8(ascii: " "), count: RunPolicy.inputBytesLimit)
        let entry = ManifestEntry(manifest: "a", line: 1, input: line, firstSeen: Timestamp(milliseconds: 0))
        var scheduler = Self.started(RunPolicy())
        let batch = ManifestBatch(items: [.job(.sample(1), entry)], ended: false)
        #expect(Self.limits(scheduler.handle(.manifest(batch), at: .zero, jitter: 0)).isEmpty)
    }

    @Test func nothingIsReadBeyondTheEndOrAStop() {
        var ended = Self.started(RunPolicy())
        let last = ended.handle(.manifest(Self.batch(1...2, ended: true)), at: .zero, jitter: 0)
        #expect(Self.limits(last).isEmpty && Self.givenBack(last).isEmpty)
        var stopped = Self.started(RunPolicy())
        _ = stopped.handle(.signal(.stop(15)), at: .zero, jitter: 0)
        let late = stopped.handle(.manifest(Self.batch(1...2)), at: .zero, jitter: 0)
        #expect(Self.limits(late).isEmpty && Self.givenBack(late).isEmpty)
    }

    @Test func aStoppedRunWaitsForTheReadThatIsAhead() {
        var scheduler = Self.started(RunPolicy(concurrency: 1, window: 100))
        #expect(Self.limits(scheduler.handle(.manifest(Self.batch(1...2)), at: .zero, jitter: 0)) == [98])
        _ = scheduler.handle(.signal(.stop(15)), at: .zero, jitter: 0)
        var records: [JobRecord] = []
        var finished = false
        for event in [Scheduler.Event.lines(Self.batch(1...2)), .manifest(Self.batch(3...4))] {
            #expect(!finished)
            let written = scheduler.handle(event, at: .zero, jitter: 0).records
            records += written
            for command in scheduler.handle(.recorded(written), at: .zero, jitter: 0) {
                if case .finish = command { finished = true }
            }
        }
        #expect(finished)
        #expect(records.map(\.entry.line) == [1, 2, 3, 4])
    }
}
