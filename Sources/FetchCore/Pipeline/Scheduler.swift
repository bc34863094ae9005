import DequeModule
import HeapModule

/// Decides what a run does next: a state machine that takes in events and answers with commands.
///
/// It has no clock, no randomness and no I/O. Time (since the run began, monotonic) and jitter come in as arguments,
/// so every rule is tested by calling it. Its invariants:
/// - never more than `concurrency` requests are in flight, polls and downloads together;
/// - a job that waits holds a heap entry and nothing else: no slot, no task, no connection;
/// - never more than `window` jobs are read and not yet recorded;
/// - every line read is recorded exactly once, except those that earlier runs have settled and recorded;
/// - downloads go before polls, and no job waits for ever.
struct Scheduler {
    /// Names a job while the run knows it.
    typealias Key = Int

    /// What is done for a job on the wire.
    enum Step {
        case poll
        case download(from: ImageHosts.Number)
    }

    /// Something that happened.
    enum Event: Sendable {
        case started
        /// A read of the manifest has come back.
        case manifest(ManifestBatch)
        /// The lines that ``Command/giveBack(_:)`` spoke of.
        case lines(ManifestBatch)
        case polled(Key, Result<PollReply, JobFailure>)
        /// The image is proven; its bytes are in the part file, still under a temporary name. The time is that from the
        /// request to the last byte.
        case downloaded(Key, ProvenImage, any PartFile, took: Duration)
        case downloadFailed(Key, JobFailure)
        /// The records are written, and durable if that was asked for.
        case recorded([JobRecord])
        /// The records could not be written, and no more can be.
        case lost(RunFailure)
        /// The moment asked for by `wake(at:)` has come.
        case woke(at: Duration)
        case signal(RunSignal)
    }

    /// Something to do. `read`, `giveBack`, `poll`, `download`, `record` and `wake` are each answered by an event.
    enum Command: Sendable {
        case read(upTo: Int)
        /// The lines are to be given back at once, while the read that was begun before goes on.
        ///
        /// While nearly all lines are settled, as when a run is resumed, there is nothing else to do at the same time.
        case giveBack(ManifestBatch)
        case poll(Key, JobID)
        case download(Key, JobID, url: String, to: ImagePlace)
        /// One such command is under way at a time.
        case record([PendingRecord])
        /// The image is not to be kept.
        case discard(any PartFile)
        case wake(at: Duration)
        /// The read under way is to return, with the manifest's end.
        case stopReading
        /// Requests in flight are to be cancelled.
        case cancelRequests
        case tell(Notice)
        /// Nothing is left to do.
        case finish
    }

    let policy: RunPolicy
    var jobs = JobTable()
    var seen = SeenJobs()
    /// Nil where no two jobs can want the same image name.
    var names: NameClaims?
    var summary = RunSummary()
    var commands: [Command] = []

    /// Jobs that were read and not polled yet, in the order of the manifest.
    var newJobs: Deque<Key> = []
    /// Jobs that wait for another poll, by when it is due.
    var waitingPolls: Heap<DueJob> = []
    var dueOrder: UInt64 = 0

    var inFlight = 0
    /// Records that are not written.
    var unwritten = RecordQueue()
    /// Bytes of manifest lines held.
    var inputBytes = 0

    var state = RunState.running
    var reading = ManifestReading.idle
    /// How much of the manifests' bytes has been read, 0...1; nil when that is not known.
    var portionRead: Double?

    var api: Origin
    var imageHosts: ImageHosts
    var notFoundJudge = NotFoundJudge()
    /// Polls of all jobs.
    var pollsSent = 0
    var forbiddenInARow = 0
    /// Moments already asked for with `wake(at:)`; each is earlier than the one before.
    var wakes: [Duration] = []

    init(policy: RunPolicy, names: NameClaims? = nil) {
        self.policy = policy
        self.names = names
        api = Origin(rate: policy.rate, policy: policy)
        imageHosts = ImageHosts(policy: policy)
    }

    /// Takes in what happened and returns what to do, in order.
    ///
    /// `jitter` is drawn evenly from 0..<1, and only if something has to wait: most events need none.
    mutating func handle(_ event: Event, at now: Duration, jitter: @autoclosure () -> Double) -> [Command] {
        switch event {
        case .started:
            break
        case .manifest(let batch):
            if let limit = noteRead(batch) {
                return [.read(upTo: limit), .giveBack(batch)]
            }
            accept(batch, at: now)
        case .lines(let batch):
            accept(batch, at: now)
        case .polled(let key, let result):
            inFlight -= 1
            finishPoll(of: key, result, at: now, jitter: jitter)
        case .downloaded(let key, let image, let part, let time):
            inFlight -= 1
            finishDownload(of: key, image, in: part, took: time, at: now, jitter: jitter)
        case .downloadFailed(let key, let failure):
            inFlight -= 1
            failDownload(of: key, failure, at: now, jitter: jitter)
        case .recorded(let records):
            settle(records, at: now)
        case .lost(let failure):
            state = .finished(stop: stop, failure: failure)
            commands.append(.finish)
        case .woke(let moment):
            wakes.removeAll { $0 == moment }
        case .signal(.stop(let number)):
            begin(.signal(number), at: now)
        case .signal(.report):
            commands.append(.tell(.asked(progress)))
        }
        advance(at: now)
        defer { commands.removeAll() }
        return commands
    }

    /// Why nothing new starts any more; nil while the run goes on, and after one that went to its end.
    var stop: StopReason? { state.stop }

    /// Images whose urls are in hand are still fetched.
    var allowsDownloads: Bool {
        switch state {
        case .running: true
        case .draining(let drain): drain.allowsDownloads
        case .finished: false
        }
    }

    /// All manifests were read to their end.
    var manifestExhausted: Bool { reading == .ended(complete: true) }

    /// The totals of the whole run, once it is over.
    var totals: RunSummary {
        var totals = summary
        totals.duplicatesWithoutImage = seen.repeatsWithoutImage
        return totals
    }

    /// What is going on, for a person who watches.
    var progress: Progress {
        Progress(
            summary: summary, inFlight: inFlight,
            waiting: waitingPolls.count + imageHosts.waitingCount + (names?.waitingCount ?? 0),
            unfinished: jobs.count, read: seen.lines, manifestEnded: manifestEnded, total: total,
            longestPolled: jobs.polledFirst, pace: api.pace.limit, api: api.standing, images: imageHosts.standing)
    }

    private var manifestEnded: Bool {
        if case .ended = reading { true } else { false }
    }

    private var total: Progress.Total {
        if manifestEnded { return .exact(seen.lines) }
        guard let portionRead, portionRead > 0 else { return .unknown }
        return .about(max(seen.lines, Int((Double(seen.lines) / portionRead).rounded())))
    }
}

/// A job that waits, ordered by when it is due and then by how long it has been in line.
struct DueJob: Comparable {
    let at: Duration
    let order: UInt64
    let key: Scheduler.Key

    static func < (left: DueJob, right: DueJob) -> Bool {
        (left.at, left.order) < (right.at, right.order)
    }
}
