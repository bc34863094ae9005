import OrderedCollections

/// The jobs that were read and have not come to their end, each under a small number that is used again.
struct JobTable {
    private var slots: [Job?] = []
    private var free: [Scheduler.Key] = []

    /// How many jobs there are.
    var count: Int { slots.count - free.count }

    mutating func insert(_ job: Job) -> Scheduler.Key {
        if let key = free.popLast() {
            slots[key] = job
            return key
        }
        slots.append(job)
        return slots.count - 1
    }

    /// Takes the job out; its number is free again.
    mutating func remove(_ key: Scheduler.Key) -> Job {
        guard let job = slots[key] else { preconditionFailure("there is no job \(key)") }
        slots[key] = nil
        free.append(key)
        return job
    }

    func job(_ key: Scheduler.Key) -> Job {
        guard let job = slots[key] else { preconditionFailure("there is no job \(key)") }
        return job
    }

    /// Changes the job in place and returns what it is then.
    @discardableResult
    mutating func update(_ key: Scheduler.Key, _ change: (inout Job) -> Void) -> Job {
        guard var job = slots[key] else { preconditionFailure("there is no job \(key)") }
        change(&job)
        slots[key] = job
        return job
    }
}

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

/// The ids that were read in this run, with the line that named each first.
struct SeenJobs {
    /// Ordered not for the order, but because it takes 30 bytes an id where a dictionary takes 50.
    private var places: OrderedDictionary<JobID, Place> = [:]
    private var manifests: [String] = []
    /// Non-blank lines read, jobs or not.
    var lines = 0

    /// Where an id was first read; 8 bytes, for there may be a million.
    private struct Place {
        let manifest: UInt32
        let line: UInt32
    }

    /// Notes the id, or returns the manifest and line that named it before.
    mutating func insert(_ id: JobID, _ entry: ManifestEntry) -> (manifest: String, line: Int)? {
        if let place = places[id] {
            return (manifests[Int(place.manifest)], Int(place.line))
        }
        if manifests.last != entry.manifest {
            manifests.append(entry.manifest)
        }
        places[id] = Place(manifest: UInt32(clamping: manifests.count - 1), line: UInt32(clamping: entry.line))
        return nil
    }
}
