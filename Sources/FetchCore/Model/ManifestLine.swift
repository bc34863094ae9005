/// What is known of one manifest line, whatever stands on it.
public struct ManifestEntry: Sendable, Equatable {
    /// The manifest's path as it was typed, `-` for standard input.
    public let manifest: String
    /// The line's number, from 1, blank lines counted.
    public let line: Int
    /// The JSON on the line, byte for byte; nil for a bare string and for what is not JSON.
    public let input: [UInt8]?
    /// When a run first read this job, carried on from an earlier record if the line is one.
    public let firstSeen: Timestamp
    /// How many runs have read this job, this one included.
    public let runs: Int
    /// How an earlier run recorded the line, if it was no job of its own then.
    public let recorded: PastLineEnd?
    /// An earlier record or the API's own reply on the line shows that the API has known this job as in progress or
    /// finished.
    public let isKnownToAPI: Bool
    /// What the image of the line's job is called; nil for the job's own name.
    public let imageName: ImageName?

    public init(
        manifest: String, line: Int, input: [UInt8]?, firstSeen: Timestamp, runs: Int = 1,
        recorded: PastLineEnd? = nil, isKnownToAPI: Bool = false, imageName: ImageName? = nil
    ) {
        self.manifest = manifest
        self.line = line
        self.input = input
        self.firstSeen = firstSeen
        self.runs = runs
        self.recorded = recorded
        self.isKnownToAPI = isKnownToAPI
        self.imageName = imageName
    }

    /// The same line with what earlier runs have recorded of it; what is not given stays.
    public func carrying(
        recorded: PastLineEnd?, firstSeen: Timestamp? = nil, runs: Int? = nil, isKnownToAPI: Bool? = nil
    ) -> ManifestEntry {
        ManifestEntry(
            manifest: manifest, line: line, input: input, firstSeen: firstSeen ?? self.firstSeen,
            runs: runs ?? self.runs, recorded: recorded, isKnownToAPI: isKnownToAPI ?? self.isKnownToAPI,
            imageName: imageName)
    }

    /// The same line, whose job's image is called so.
    public func naming(_ imageName: ImageName) -> ManifestEntry {
        ManifestEntry(
            manifest: manifest, line: line, input: input, firstSeen: firstSeen, runs: runs, recorded: recorded,
            isKnownToAPI: isKnownToAPI, imageName: imageName)
    }
}

/// One non-blank manifest line: a job to fetch, or the reason why it is not one.
public enum ManifestItem: Sendable, Equatable {
    case job(JobID, ManifestEntry)
    /// The failure's stage is `manifest`.
    case invalid(ManifestEntry, JobFailure)
    /// A job that earlier runs have settled and recorded.
    case settled(JobID, ManifestEntry, SettledJob)
    /// A job whose end the line itself tells, as a reply that is believed.
    ///
    /// It is stored indirectly, because a reply would make every line larger.
    indirect case told(JobID, ManifestEntry, TrustedReply)

    public var entry: ManifestEntry {
        switch self {
        case .job(_, let entry), .invalid(let entry, _), .settled(_, let entry, _), .told(_, let entry, _): entry
        }
    }
}

/// The lines that one read of the manifest gave.
public struct ManifestBatch: Sendable, Equatable {
    public let items: [ManifestItem]
    /// Nothing more will come.
    public let ended: Bool
    /// How much of all the manifests' bytes the lines read so far are, 0...1; nil when that is not known, as with a pipe.
    public let portion: Double?

    public init(items: [ManifestItem], ended: Bool, portion: Double? = nil) {
        self.items = items
        self.ended = ended
        self.portion = portion
    }
}
