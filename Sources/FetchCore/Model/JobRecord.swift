/// How one manifest line ended: what a line of the results file says.
public struct JobRecord: Sendable, Equatable {
    public let entry: ManifestEntry
    /// Nil when the line had none.
    public let jobID: JobID?
    public let outcome: JobOutcome
    public let warnings: [Warning]
    /// The API's number, as it was spelled.
    public let creditsUsed: String?
    /// Requests made to the API for this job.
    public let polls: Int
    /// Requests made for its image.
    public let downloads: Int
    /// From the first poll to the end; nil when it was never polled.
    public let elapsed: Duration?
    /// From the first poll to the first reply that said "completed"; nil without such a reply in this run.
    public let waited: Duration?
    /// From the request for the image that was kept to its last byte; nil without an image.
    public let downloadTime: Duration?

    public init(
        entry: ManifestEntry, jobID: JobID?, outcome: JobOutcome, warnings: [Warning] = [],
        creditsUsed: String? = nil, polls: Int = 0, downloads: Int = 0, elapsed: Duration? = nil,
        waited: Duration? = nil, downloadTime: Duration? = nil
    ) {
        self.entry = entry
        self.jobID = jobID
        self.outcome = outcome
        self.warnings = warnings
        self.creditsUsed = creditsUsed
        self.polls = polls
        self.downloads = downloads
        self.elapsed = elapsed
        self.waited = waited
        self.downloadTime = downloadTime
    }

    /// The record of a line that names a job once more; `first` is the line that named it before.
    public init(of entry: ManifestEntry, namingAgain id: JobID, after first: (manifest: String, line: Int)) {
        let place =
            first.manifest == entry.manifest ? "line \(first.line)" : "\(first.manifest), line \(first.line),"
        let failure = JobFailure(
            .duplicateJobID, at: .manifest, "The job was already named on \(place) and is fetched once.")
        self.init(entry: entry, jobID: id, outcome: .duplicate(ofLine: first.line, failure))
    }

    /// The same record with a failure as its end, for an image that was proven and then could not be kept.
    public func failing(_ failure: JobFailure) -> JobRecord {
        JobRecord(
            entry: entry, jobID: jobID, outcome: .failed(failure), warnings: warnings, creditsUsed: creditsUsed,
            polls: polls, downloads: downloads, elapsed: elapsed, waited: waited)
    }
}

/// The end of a manifest line in one run.
public enum JobOutcome: Sendable, Equatable {
    /// The url is the one that the image came from, without query and fragment.
    case downloaded(ProvenImage, url: String)
    /// Not finished in this run; the job may still give an image.
    case pending(JobFailure)
    case failed(JobFailure)
    case invalid(JobFailure)
    case duplicate(ofLine: Int, JobFailure)

    public var status: RecordStatus {
        switch self {
        case .downloaded: .downloaded
        case .pending: .pending
        case .failed: .failed
        case .invalid: .invalid
        case .duplicate: .duplicate
        }
    }

    /// What went wrong; nil for a downloaded image.
    public var failure: JobFailure? {
        switch self {
        case .downloaded: nil
        case .pending(let failure), .failed(let failure), .invalid(let failure), .duplicate(_, let failure): failure
        }
    }
}

/// The record's `status`; the raw values are stable.
public enum RecordStatus: String, Sendable, CaseIterable {
    case downloaded, pending, failed, invalid, duplicate
}

/// Something odd that did not stop the job; the raw values are stable.
public enum Warning: String, Sendable, CaseIterable {
    /// The PNG has another width or height than the API declared.
    case dimensionMismatch = "dimension_mismatch"
    /// The API's reply did not say whose it was.
    case jobIDNotEchoed = "job_id_not_echoed"
    /// The PNG breaks a rule that decoders forgive, and came so twice.
    case irregularPNG = "irregular_png"
}

/// What was proven of an image while its bytes went to disk.
public struct ProvenImage: Sendable, Equatable {
    /// Where it lies: the output directory as typed, joined with the file's name.
    public let path: String
    /// The path below the output directory; nil for the job's own name.
    public let name: ImageName?
    public let bytes: Int
    /// From the PNG's own IHDR.
    public let width: Int
    public let height: Int
    /// 64 lower-case hexadecimal digits.
    public let sha256: String
    /// The rule of PNG that it breaks and that decoders forgive, as a sentence; nil for an image that breaks none.
    public let irregularity: String?

    public init(
        path: String, name: ImageName? = nil, bytes: Int, width: Int, height: Int, sha256: String,
        irregularity: String? = nil
    ) {
        self.path = path
        self.name = name
        self.bytes = bytes
        self.width = width
        self.height = height
        self.sha256 = sha256
        self.irregularity = irregularity
    }
}
