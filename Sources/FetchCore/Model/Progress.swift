/// A look at a run under way. Moments are lengths of time since the run began.
public struct Progress: Sendable, Equatable {
    public let summary: RunSummary
    /// Requests on the wire.
    public let inFlight: Int
    /// Jobs that wait for their next poll or attempt.
    public let waiting: Int
    /// Jobs read and not yet at their end.
    public let unfinished: Int
    /// Non-blank manifest lines read.
    public let read: Int
    public let manifestEnded: Bool
    /// How many lines there will have been.
    public let total: Total
    /// The unfinished job that has been asked about for longest.
    public let longestPolled: PolledJob?
    /// The API requests a second that are allowed now; nil when nothing limits them.
    public let pace: Double?
    /// Until when the API is not asked; in the past when it is.
    public let apiPausedUntil: Duration
    /// Until when no image is fetched; in the past when they are.
    public let imagesPausedUntil: Duration

    /// The non-blank lines of all manifests, as far as that is known.
    public enum Total: Sendable, Equatable {
        /// Nothing is known, as of a pipe that is still open.
        case unknown
        /// Reckoned from the bytes read so far and the sizes of the files.
        case about(Int)
        /// The manifests have ended, or nothing more will be read of them.
        case exact(Int)
    }

    /// A job, and when it was asked about first.
    public struct PolledJob: Sendable, Equatable {
        public let id: JobID
        public let since: Duration
    }
}

extension Progress {
    /// Lines that have come to their end, now or in earlier runs.
    public var done: Int { summary.records + summary.settled }
}
