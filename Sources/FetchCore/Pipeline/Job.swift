/// One job on its way through the run.
struct Job {
    let id: JobID
    let entry: ManifestEntry
    /// When its first poll began.
    var firstPoll: Duration?
    var polls = 0
    var downloads = 0
    /// Replies that said "in progress", which lengthen the polling interval.
    var inProgressReplies = 0
    /// Transient faults in a row at the present step.
    var faults = 0
    /// The promised image, once the API has completed the job.
    var image: CompletedImage?
    /// Whether the one fresh url was asked for, and why.
    var freshURL: FreshURL = .notAsked
    var warnings: [Warning] = []

    enum FreshURL {
        case notAsked
        /// The download failed so, and the job is being polled once more.
        case asked(JobFailure)
        case given
    }

    init(id: JobID, entry: ManifestEntry) {
        self.id = id
        self.entry = entry
    }

    mutating func note(_ warning: Warning) {
        if !warnings.contains(warning) {
            warnings.append(warning)
        }
    }
}
