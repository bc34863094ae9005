/// One job on its way through the run.
struct Job {
    let id: JobID
    let entry: ManifestEntry
    /// When its first poll began.
    var firstPoll: Duration?
    var polls = 0
    var downloads = 0
    /// Replies after which the job is asked again at its polling interval, which they lengthen.
    var unfinishedReplies = 0
    /// Transient faults in a row at the present step.
    var faults = 0
    /// The promised image, once the API has completed the job, and the host that it comes from.
    var image: CompletedImage?
    var host: ImageHosts.Number?
    /// The number of its last poll among all of the run.
    var lastPoll = 0
    /// The API has told that it knows the job, in this run or an earlier one.
    var wasSeen: Bool
    /// Replies "not found" that are not in the API's own words.
    var notFound = NotFoundJudge.Count()
    /// Replies that said "completed" without a url.
    var repliesWithoutURL = 0
    /// What came at the last download and was no regular PNG.
    var oddImage: OddImage?
    /// Whether the one fresh url was asked for, and why.
    var freshURL: FreshURL = .notAsked
    var warnings: [Warning] = []

    /// A whole image that is kept or condemned once it came twice the same, by its SHA-256.
    indirect enum OddImage: Equatable {
        case irregular(String)
        case otherKind(String)
    }

    enum FreshURL {
        case notAsked
        /// The download failed so, and the job is being polled once more.
        indirect case asked(JobFailure)
        case given
    }

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
