/// What counts of one result record that an earlier run has written.
public struct PastRecord: Sendable, Equatable {
    /// What the record speaks of: a job, or a line that was no job of its own.
    public enum End: Sendable, Equatable {
        case job(JobID, PastJobEnd)
        case line(PastLineEnd)
    }

    public let end: End
    /// Where the line stood, the manifest's path as it was typed then.
    public let manifest: String
    public let line: Int
    /// The part of the manifests that its run had; nil where it had all of them.
    public let shard: Shard?
    public let firstSeen: Timestamp
    public let runs: Int
    /// The record shows that the API has known the job as in progress or finished.
    public let isKnownToAPI: Bool

    public init(
        _ end: End, manifest: String, line: Int, shard: Shard? = nil, firstSeen: Timestamp, runs: Int,
        isKnownToAPI: Bool = false
    ) {
        self.end = end
        self.manifest = manifest
        self.line = line
        self.shard = shard
        self.firstSeen = firstSeen
        self.runs = runs
        self.isKnownToAPI = isKnownToAPI
    }
}

/// How an earlier run left a job.
public enum PastJobEnd: Sendable, Equatable {
    /// Its image was kept and had this many bytes.
    case downloaded(bytes: Int)
    /// There is no image, and asking again will never give one.
    case closed
    /// There is no image yet, and another run may get it.
    case open

    /// The end of a job without an image, by the advice that its record gives.
    public init(advice: RetryAdvice.Action) {
        switch advice {
        case .resubmit, .none: self = .closed
        case .rerun, .fix: self = .open
        }
    }
}

extension RecordStatus {
    /// Whether a record with this status, and an error of this step and code, shows that the API has known the job as in
    /// progress or finished.
    ///
    /// Nothing is downloaded before the API has called the job completed. A run that was ended while it polled a job had
    /// most probably found it in progress; where that is wrong, the job is asked about once more, and nothing is lost.
    public func showsKnownJob(stage: JobFailure.Stage?, code: FailureCode?, polls: Int?) -> Bool {
        switch (self, stage, code) {
        case (.downloaded, _, _): true
        case (.invalid, _, _), (.duplicate, _, _): false
        case (_, .download, _), (_, .store, _): true
        case (_, _, .stillInProgress), (_, _, .jobFailed), (_, _, .jobCleaned), (_, _, .notAnImageJob): true
        case (.pending, _, .deadline), (.pending, _, .interrupted): (polls ?? 0) > 0
        case (.pending, _, _), (.failed, _, _): false
        }
    }
}

/// How an earlier run recorded a line that was no job of its own.
public enum PastLineEnd: Sendable, Equatable {
    case invalid(FailureCode)
    /// The line named a job that another line had named before.
    case duplicate(JobID)
}

/// How a job stands that earlier runs have settled.
public enum SettledJob: Sendable, Equatable {
    /// Its image lies where it belongs.
    case downloaded
    /// It will never give an image.
    case failed
}
