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

    @Test func linesThatAreNotTakenInYetHaveTheirRoom() {
        var scheduler = Self.started(RunPolicy(concurrency: 1, window: 10))
        #expect(scheduler.readAhead(of: Self.batch(1...7)) == 3)
        // One read is under way by now, so the lines ask for no other.
        #expect(Self.limits(scheduler.handle(.manifest(Self.batch(1...7)), at: .zero, jitter: 0)).isEmpty)
    }

    @Test func linesThatFillTheWindowAreTakenInFirst() {
        var scheduler = Self.started(RunPolicy(concurrency: 1, window: 10))
        #expect(scheduler.readAhead(of: Self.batch(1...9)) == nil)
        #expect(Self.limits(scheduler.handle(.manifest(Self.batch(1...9)), at: .zero, jitter: 0)).isEmpty)
    }

    @Test func bytesOfLinesThatAreNotTakenInYetCount() {
        let line = [UInt8](repeating: UInt8(ascii: " "), count: RunPolicy.inputBytesLimit)
        let entry = ManifestEntry(manifest: "a", line: 1, input: line, firstSeen: Timestamp(milliseconds: 0))
        var scheduler = Self.started(RunPolicy())
        #expect(scheduler.readAhead(of: ManifestBatch(items: [.job(.sample(1), entry)], ended: false)) == nil)
    }

    @Test func nothingIsReadBeyondTheEndOrAStop() {
        var ended = Self.started(RunPolicy())
        #expect(ended.readAhead(of: Self.batch(1...2, ended: true)) == nil)
        var stopped = Self.started(RunPolicy())
        _ = stopped.handle(.stop(.signal(15)), at: .zero, jitter: 0)
        #expect(stopped.readAhead(of: Self.batch(1...2)) == nil)
    }

    @Test func aStoppedRunWaitsForTheReadThatIsAhead() {
        var scheduler = Self.started(RunPolicy(concurrency: 1, window: 100))
        #expect(scheduler.readAhead(of: Self.batch(1...2)) != nil)
        _ = scheduler.handle(.stop(.signal(15)), at: .zero, jitter: 0)
        var records: [JobRecord] = []
        var finished = false
        for batch in [Self.batch(1...2), Self.batch(3...4)] {
            #expect(!finished)
            let commands = scheduler.handle(.manifest(batch), at: .zero, jitter: 0)
            let written = commands.compactMap { if case .record(let pending) = $0 { pending.record } else { nil } }
            records += written
            for command in scheduler.handle(.recorded(written, images: 0), at: .zero, jitter: 0) {
                if case .finish = command { finished = true }
            }
        }
        #expect(finished)
        #expect(records.map(\.entry.line) == [1, 2, 3, 4])
    }
}
