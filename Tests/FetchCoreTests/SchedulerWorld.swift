@testable import FetchCore

/// A world for the scheduler in virtual time: steps take a stated time and end as the test says; nothing is random
/// but what a seed draws. After every event it checks the invariants that hold always.
struct SchedulerWorld {
    var scheduler: Scheduler
    /// The manifest, read piece by piece as it is asked for.
    var lines: [ManifestItem]
    /// The manifest stays open and idle after its last line.
    var staysOpen = false
    /// How long a request takes.
    var latency: Duration = .milliseconds(100)
    /// How long records take to be written.
    var commitTime: Duration = .zero
    var jitter: () -> Double = { 0 }
    /// Told the time before every event, for servers that reckon with it.
    var tick: (Duration) -> Void = { _ in }
    /// What a poll is answered: the job, and how often it was polled, from 1.
    var poll: (JobID, Int) -> Result<PollReply, JobFailure>
    /// How a download ends: the job, and how often it was tried, from 1.
    var download: (JobID, Int) -> Result<ProvenImage, JobFailure> = { _, _ in .success(.sample) }
    /// What a commit makes of a record.
    var commit: (JobRecord) -> JobRecord = { $0 }

    var now: Duration = .zero
    var records: [JobRecord] = []
    var log: [Entry] = []
    var notices: [Notice] = []
    var mostInFlight = 0
    var mostHeld = 0
    var broken: [String] = []
    var finished = false
    var cancelled = false
    var discarded = 0
    /// Where the image of each job was to go.
    var places: [JobID: ImagePlace] = [:]

    private var pending: [(at: Duration, order: Int, event: Scheduler.Event)] = []
    private var order = 0
    private var inFlight: Set<Int> = []
    private var polls: [JobID: Int] = [:]
    private var downloads: [JobID: Int] = [:]
    private var committing = false
    private var readOutstanding = false
    /// The read under way waits for lines that do not come.
    private var readWaits = false
    private(set) var linesRead = 0

    /// A request that went out.
    struct Entry: Equatable {
        enum Kind { case poll, download }
        let kind: Kind
        let id: JobID
        let at: Duration
    }

    init(
        policy: RunPolicy, jobs: [JobID], names: NameClaims? = nil,
        poll: @escaping (JobID, Int) -> Result<PollReply, JobFailure>
    ) {
        scheduler = Scheduler(policy: policy, names: names)
        lines = jobs.enumerated().map { .job($1, .sample(line: $0 + 1)) }
        self.poll = poll
    }

    /// Runs until nothing is left to happen, or until the moment given.
    mutating func run(until limit: Duration = .seconds(1_000_000)) {
        if now == .zero, order == 0 {
            deliver(.started)
        }
        while !finished, let next = pending.min(by: { ($0.at, $0.order) < ($1.at, $1.order) }), next.at <= limit {
            pending.removeAll { $0.order == next.order }
            now = max(now, next.at)
            deliver(next.event)
        }
        if !finished, limit < .seconds(1_000_000) {
            now = max(now, limit)
        }
    }

    mutating func deliver(_ event: Scheduler.Event) {
        tick(now)
        switch event {
        case .polled(let key, _), .downloaded(let key, _, _, _), .downloadFailed(let key, _):
            inFlight.remove(key)
        case .manifest:
            readOutstanding = false
        case .recorded(let written):
            committing = false
            records += written
        case .started, .lines, .lost, .woke, .signal:
            break
        }
        for command in scheduler.handle(event, at: now, jitter: jitter()) {
            perform(command)
        }
        check()
    }

    private mutating func perform(_ command: Scheduler.Command) {
        switch command {
        case .read(let limit):
            if readOutstanding { broken.append("two reads at once") }
            readOutstanding = true
            let piece = Array(lines.prefix(limit))
            lines.removeFirst(piece.count)
            linesRead += piece.count
            readWaits = piece.isEmpty && staysOpen
            if !readWaits {
                schedule(.manifest(ManifestBatch(items: piece, ended: lines.isEmpty && !staysOpen)), after: .zero)
            }
        case .poll(let key, let id):
            start(key)
            log.append(Entry(kind: .poll, id: id, at: now))
            polls[id, default: 0] += 1
            schedule(.polled(key, poll(id, polls[id, default: 0])), after: latency)
        case .download(let key, let id, _, let place):
            places[id] = place
            start(key)
            log.append(Entry(kind: .download, id: id, at: now))
            downloads[id, default: 0] += 1
            switch download(id, downloads[id, default: 0]) {
            case .success(let image): schedule(.downloaded(key, image, FakePart(), took: latency), after: latency)
            case .failure(let failure): schedule(.downloadFailed(key, failure), after: latency)
            }
        case .giveBack(let batch):
            deliver(.lines(batch))
        case .record(let records):
            if committing { broken.append("two writes at once") }
            committing = true
            schedule(.recorded(records.map { commit($0.record) }), after: commitTime)
        case .discard:
            discarded += 1
        case .wake(let moment):
            if moment <= now { broken.append("a wake for the past") }
            schedule(.woke(at: moment), after: moment - now)
        case .stopReading:
            lines = []
            staysOpen = false
            if readWaits {
                readWaits = false
                schedule(.manifest(ManifestBatch(items: [], ended: true)), after: .zero)
            }
        case .cancelRequests:
            cancelled = true
        case .tell(.recorded):
            // The event that it tells of has been noted already.
            break
        case .tell(let notice):
            notices.append(notice)
        case .finish:
            if finished { broken.append("finished twice") }
            finished = true
        }
    }

    private mutating func start(_ key: Int) {
        if !inFlight.insert(key).inserted { broken.append("two steps of one job at once") }
    }

    private mutating func schedule(_ event: Scheduler.Event, after delay: Duration) {
        order += 1
        pending.append((now + delay, order, event))
    }

    private mutating func check() {
        mostInFlight = max(mostInFlight, inFlight.count)
        let held = linesRead - records.count - scheduler.summary.settled
        mostHeld = max(mostHeld, held)
        if inFlight.count > scheduler.policy.concurrency { broken.append("\(inFlight.count) requests in flight") }
        if held > scheduler.policy.window { broken.append("\(held) jobs held") }
    }

    /// Moments at which requests of a kind went out.
    func moments(_ kind: Entry.Kind) -> [Duration] {
        log.filter { $0.kind == kind }.map(\.at)
    }

    func record(of id: JobID) -> JobRecord? {
        records.first { $0.jobID == id }
    }
}

extension Scheduler {
    /// Takes in what a read of the manifest gave, as the runner does.
    mutating func read(_ batch: ManifestBatch, at now: Duration = .zero) -> [Command] {
        let commands = handle(.manifest(batch), at: now, jitter: 0)
        guard case .giveBack(let lines)? = commands.last else { return commands }
        return commands.dropLast() + handle(.lines(lines), at: now, jitter: 0)
    }
}

extension [Scheduler.Command] {
    /// The records that are to be written.
    var records: [JobRecord] {
        flatMap { command -> [JobRecord] in
            if case .record(let pending) = command { pending.map(\.record) } else { [] }
        }
    }
}

/// A part file that is nothing but an object.
final class FakePart: PartFile {
    func write(_ bytes: RawSpan) throws(JobFailure) {}
    func prove() throws(JobFailure) -> ProvenImage { .sample }
    func sync() throws(JobFailure) {}
    func publish() throws(JobFailure) {}
    func discard() {}
}

extension Result where Success == PollReply, Failure == JobFailure {
    static var inProgress: Self { .success(PollReply(.inProgress)) }
    static var completed: Self {
        .success(PollReply(.completed(CompletedImage(url: "https://cdn.example/a.png?sig=1", width: 64, height: 64))))
    }
    static func failed(_ code: FailureCode, status: Int? = nil, retryAfter: Duration? = nil) -> Self {
        .failure(JobFailure(code, at: .poll, "it failed", httpStatus: status, retryAfter: retryAfter))
    }
}

extension Result where Success == ProvenImage, Failure == JobFailure {
    static func failed(
        _ code: FailureCode, at stage: JobFailure.Stage = .download, status: Int? = nil, stopsRun: Bool = false
    ) -> Self {
        .failure(JobFailure(code, at: stage, "it failed", httpStatus: status, stopsRun: stopsRun))
    }
}
