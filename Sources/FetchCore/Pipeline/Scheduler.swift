import DequeModule
import HeapModule

/// Decides what a run does next: a value that is told what happened and answers with what to do.
///
/// It has no clock, no randomness and no I/O. Time (since the run began, monotonic) and jitter come in as arguments,
/// so every rule is tested by calling it. Its invariants:
/// - never more than `concurrency` requests are in flight, polls and downloads together;
/// - a job that waits holds a heap entry and nothing else: no slot, no task, no connection;
/// - never more than `window` jobs are read and not yet recorded;
/// - every line read is recorded exactly once, save those that earlier runs have settled and recorded;
/// - downloads go before polls, and no job waits for ever.
struct Scheduler {
    /// Names a job while the run knows it.
    typealias Key = Int

    /// What is done for a job on the wire.
    enum Step {
        case poll, download
    }

    /// Something that happened.
    enum Event: Sendable {
        case started
        case manifest(ManifestBatch)
        case polled(Key, Result<PollReply, JobFailure>)
        case downloaded(Key, Result<ReceivedImage, JobFailure>)
        /// These records are written, and durable if that was asked for; so many of them had an image to keep.
        case recorded([JobRecord], images: Int)
        /// The moment asked for by `wake(at:)` has come.
        case woke(at: Duration)
        case stop(StopReason)
    }

    /// Something to do. `read`, `poll`, `download`, `record` and `wake` are each answered by an event.
    enum Command: Sendable {
        case read(upTo: Int)
        case poll(Key, JobID)
        case download(Key, JobID, url: String)
        case record(PendingRecord)
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
    var summary = RunSummary()
    var commands: [Command] = []

    /// Jobs that were read and not polled yet, in the order of the manifest.
    var newJobs: Deque<Key> = []
    /// Jobs that wait for another poll, by when it is due.
    var waitingPolls: Heap<DueJob> = []
    var dueOrder: UInt64 = 0

    var inFlight = 0
    /// Records handed out and not yet written, and how many of them hold an image.
    var recordsPending = 0
    var imagesPending = 0
    /// Bytes of manifest lines held.
    var inputBytes = 0

    /// Reads of the manifest that were asked for and whose lines have not been taken in.
    var reads = 0
    /// How much of the manifests' bytes has been read, 0...1; nil when nobody knows.
    var portionRead: Double?
    /// No more lines will come, because the manifest ended or the run stopped.
    var manifestEnded = false
    /// The manifest was read to its end.
    var manifestExhausted = false
    var stop: StopReason?
    /// The stop, or one before it, lets no download begin.
    var downloadsEnded = false
    var cancelAt: Duration?
    var finished = false

    var api: Origin
    var imageHosts: ImageHosts
    var notFoundJudge = NotFoundJudge()
    /// Polls of all jobs.
    var pollsSent = 0
    var forbiddenInARow = 0
    /// Moments already asked for with `wake(at:)`; each is earlier than the one before.
    var wakes: [Duration] = []

    init(policy: RunPolicy) {
        self.policy = policy
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
            accept(batch, at: now)
        case .polled(let key, let result):
            inFlight -= 1
            finishPoll(of: key, result, at: now, jitter: jitter)
        case .downloaded(let key, let result):
            inFlight -= 1
            finishDownload(of: key, result, at: now, jitter: jitter)
        case .recorded(let records, let images):
            settle(records, images: images, at: now)
        case .woke(let moment):
            wakes.removeAll { $0 == moment }
        case .stop(let reason):
            begin(reason, at: now)
        }
        advance(at: now)
        defer { commands.removeAll() }
        return commands
    }

    /// What is going on, for a person who watches.
    var progress: Progress {
        Progress(
            summary: summary, inFlight: inFlight, waiting: waitingPolls.count + imageHosts.waitingCount,
            unfinished: jobs.count, read: seen.lines, manifestEnded: manifestEnded, total: total,
            longestPolled: jobs.polledFirst.flatMap { job in
                job.firstPoll.map { Progress.PolledJob(id: job.id, since: $0) }
            },
            pace: api.pace.limit, api: api.standing, images: imageHosts.standing)
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

/// A record to write, with the image that has to be on disk first.
struct PendingRecord: Sendable {
    let record: JobRecord
    let part: (any PartFile)?
}

/// An image whose bytes are proven and still under their temporary name.
struct ReceivedImage: Sendable {
    let image: ProvenImage
    let part: any PartFile
}
