/// One job on its way through the run.
struct Job {
    let id: JobID
    let entry: ManifestEntry
    /// What its polls have told so far; nil before the first.
    var polls: Polls?
    var image = ImageState.none
    /// Requests made for its image.
    var downloads = 0
    /// Transient faults in a row at the present step.
    var faults = 0
    /// The API has told that it knows the job, in this run or an earlier one.
    var wasSeen: Bool
    var warnings: [Warning] = []

    init(id: JobID, entry: ManifestEntry) {
        self.id = id
        self.entry = entry
        wasSeen = entry.isKnownToAPI
    }

    mutating func apply(_ change: (inout Job) -> Void) { change(&self) }

    mutating func note(_ warning: Warning) {
        if !warnings.contains(warning) {
            warnings.append(warning)
        }
    }
}

extension Job {
    /// The polls of a job that was polled at least once.
    struct Polls {
        /// When the first one began.
        let first: Duration
        /// When the first reply came that said "completed"; one that is asked for again later changes nothing.
        var completed: Duration?
        /// How many there were.
        var count = 0
        /// The number of the last one among all polls of the run.
        var last = 0
        /// Replies after which the job is asked again at its polling interval, which they lengthen.
        var unfinishedReplies = 0
        /// Replies that said "completed" without a url.
        var repliesWithoutURL = 0
        /// Replies "not found" that are not in the API's own words.
        var notFound = NotFoundJudge.Count()

        /// From the first one to the first reply that said "completed".
        var waited: Duration? { completed.map { $0 - first } }

        mutating func note(_ state: PollReply.State, at now: Duration) {
            if state.isCompleted, completed == nil { completed = now }
        }
    }

    /// How far the job's image has come.
    enum ImageState {
        /// The API has given no url yet.
        case none
        /// The API has given a url: it is being downloaded, or waits for that.
        case promised(Promise)
        /// The download failed so, and the job is polled once more for a fresh url.
        indirect case needsFreshURL(Promise, JobFailure)
    }

    /// The promise that is in hand, or that was before a fresh url was asked for.
    var promise: Promise? {
        switch image {
        case .none: nil
        case .promised(let promise), .needsFreshURL(let promise, _): promise
        }
    }

    /// An image that the API has promised.
    struct Promise {
        /// As the API described it.
        let declared: CompletedImage
        let host: ImageHosts.Number
        let source: Source
        /// What came at the last download and was no regular PNG.
        let oddImage: OddImage?
    }

    /// Who gave the url.
    enum Source {
        /// The manifest line, which was believed; the API was not asked.
        case line
        case poll
        /// The poll for a fresh url, after which there is no other.
        case freshPoll
    }

    /// A whole image, by its SHA-256. When the same one comes a second time, it is decided whether it is kept.
    indirect enum OddImage: Equatable {
        case irregular(String)
        case otherKind(String)
    }
}
