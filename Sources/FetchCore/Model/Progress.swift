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
    public let api: Origin
    /// Of the image hosts the one in the most trouble.
    public let images: Origin

    /// Whether an origin is asked.
    public enum Origin: Sendable, Equatable {
        case open
        /// Not asked before this moment, which may have passed.
        case paused(until: Duration)
        /// It has refused everything since then, and is asked again at this moment; if that has passed, it is being
        /// asked.
        case refusing(since: Duration, askedAgainAt: Duration)
        /// It has refused for too long and is not asked again in this run.
        case closed

        /// Of two origins the one in more trouble has the greater rank.
        var trouble: Trouble {
            switch self {
            case .open: Trouble(kind: 0, until: .zero)
            case .paused(let end): Trouble(kind: 1, until: end)
            case .refusing(_, let next): Trouble(kind: 2, until: next)
            case .closed: Trouble(kind: 3, until: .zero)
            }
        }

        struct Trouble: Comparable {
            let kind: Int
            let until: Duration

            static func < (left: Trouble, right: Trouble) -> Bool {
                (left.kind, left.until) < (right.kind, right.until)
            }
        }
    }

    /// The non-blank lines of all manifests, as far as that is known.
    public enum Total: Sendable, Equatable {
        /// Nothing is known, as of a pipe that is still open.
        case unknown
        /// Estimated from the bytes read so far and the sizes of the files.
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
