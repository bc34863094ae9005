import Benchmark

@testable import FetchCore

/// The scheduler's decisions, in a world that answers at once: every job is polled twice, downloaded and recorded.
func schedulerBenchmarks() {
    for (name, concurrency, window) in [("cap 64", 64, 10_000), ("cap 1024, window 30,000", 1024, 30_000)] {
        let jobs = 30_000
        let items = (1...jobs).map { ManifestItem.job(Material.id($0), Material.entry(line: $0)) }
        let policy = RunPolicy(concurrency: concurrency, window: window)
        var world = InstantWorld(policy, items)
        let events = world.run()
        benchmark("scheduler: \(name)", in: .events, amount: events) {
            var world = InstantWorld(policy, items)
            precondition(world.run() == events, "the same night has the same events")
        }
    }
}

/// Answers every command of the scheduler in the order in which they come, in virtual time.
private struct InstantWorld {
    private var scheduler: Scheduler
    private let items: [ManifestItem]
    private var linesRead = 0
    /// By key, whether the job has been polled once.
    private var polled: [Bool] = []
    /// Events to come; those before `next` have been.
    private var events: [Scheduler.Event] = [.started]
    private var next = 0
    private var wakes: [Duration] = []
    private var now: Duration = .zero
    private let part = NoPart()
    private let image = Material.image(of: Material.id(0))

    init(_ policy: RunPolicy, _ items: [ManifestItem]) {
        scheduler = Scheduler(policy: policy)
        self.items = items
    }

    /// Runs the night to its end and returns how many events there were.
    mutating func run() -> Int {
        var count = 0
        while true {
            let event: Scheduler.Event
            if next < events.count {
                event = events[next]
                next += 1
            } else if let moment = wakes.popLast() {
                // Each is asked for earlier than the one before.
                now = max(now, moment)
                event = .woke(at: moment)
            } else {
                preconditionFailure("the night came to a stop")
            }
            if next == 4096 {
                events.removeFirst(next)
                next = 0
            }
            count += 1
            for command in scheduler.handle(event, at: now, jitter: 0.5) {
                if case .finish = command { return count }
                answer(command)
            }
        }
    }

    private mutating func answer(_ command: Scheduler.Command) {
        switch command {
        case .read(let limit):
            let piece = items[linesRead..<min(linesRead + limit, items.count)]
            linesRead += piece.count
            events.append(.manifest(ManifestBatch(items: Array(piece), ended: linesRead == items.count)))
        case .poll(let key, let id):
            if key == polled.count { polled.append(false) }
            polled[key].toggle()
            let isFirst = polled[key]
            let completed = CompletedImage(url: "https://images.example/\(id).png", width: 1152, height: 896)
            events.append(.polled(key, .success(PollReply(isFirst ? .inProgress : .completed(completed)))))
        case .download(let key, _, _, _):
            events.append(.downloaded(key, image, part, took: .milliseconds(80)))
        case .giveBack(let batch):
            events.append(.lines(batch))
        case .record(let records):
            events.append(.recorded(records.map(\.record)))
        case .wake(let moment):
            wakes.append(moment)
        case .discard, .stopReading, .cancelRequests, .tell, .finish:
            break
        }
    }
}

/// A part file that is nothing but an object.
private final class NoPart: PartFile {
    func write(_ bytes: RawSpan) throws(JobFailure) {}
    func prove() throws(JobFailure) -> ProvenImage { Material.image(of: Material.id(0)) }
    func sync() throws(JobFailure) {}
    func publish() throws(JobFailure) {}
    func discard() {}
}
