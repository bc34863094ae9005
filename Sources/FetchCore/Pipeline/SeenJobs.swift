/// The ids that were read, with the line that named each first.
public struct SeenJobs: Sendable {
    private var places = JobMap<Place>()
    /// The manifests in the order in which they were read, each with how many ids those before it have named.
    private var manifests: [(name: String, idsBefore: Int)] = []
    /// Of each job that was named again, how often.
    private var repeats: [JobID: Int] = [:]
    /// Non-blank lines read, jobs or not.
    public private(set) var lines = 0

    /// What is known of an id; 4 bytes, since there may be a million of them. Its manifest follows from the order.
    private struct Place {
        /// Twice the line's number, and 1 more once the job has its image.
        private var lineAndImage: UInt32

        init(line: Int) { lineAndImage = UInt32(min(line, Int(UInt32.max / 2))) << 1 }

        var line: Int { Int(lineAndImage >> 1) }
        var hasImage: Bool { lineAndImage & 1 == 1 }

        mutating func noteImage() { lineAndImage |= 1 }
    }

    public init() {}

    /// Notes the id, or returns the manifest and line that named it before.
    public mutating func insert(_ id: JobID, _ entry: ManifestEntry) -> (manifest: String, line: Int)? {
        if manifests.last?.name != entry.manifest {
            manifests.append((entry.manifest, places.count))
        }
        guard let first = places.insert(id, Place(line: entry.line)), let number = places.place(of: id) else {
            return nil
        }
        repeats[id, default: 0] += 1
        return manifests.last { $0.idsBefore <= number }.map { ($0.name, first.line) }
    }

    /// Takes in the next line of the manifests, and says what becomes of it.
    ///
    /// A line that was recorded before as what it is now gets no further record.
    public mutating func take(_ item: ManifestItem) -> TakenLine {
        lines += 1
        switch item {
        case .invalid(let entry, let failure):
            if entry.recorded == .invalid(failure.code) { return .settled(.invalid) }
            return .ended(JobRecord(entry: entry, jobID: nil, outcome: .invalid(failure)))
        case .settled(let id, let entry, let job):
            if let again = takeAgain(id, entry) { return again }
            switch job {
            case .downloaded:
                noteImage(of: id)
                return .settled(.downloaded)
            case .failed:
                return .settled(.failed)
            }
        case .job(let id, let entry), .told(let id, let entry, _):
            return takeAgain(id, entry) ?? .job(id)
        }
    }

    /// What becomes of a line that names a job once more; nil for the first line of this run that names it.
    private mutating func takeAgain(_ id: JobID, _ entry: ManifestEntry) -> TakenLine? {
        guard let first = insert(id, entry) else { return nil }
        if entry.recorded == .duplicate(id) { return .settled(.duplicate) }
        return .ended(JobRecord(of: entry, namingAgain: id, after: first))
    }

    /// Notes that the job has its image.
    mutating func noteImage(of id: JobID) {
        places.update(id) { place in
            var place = place
            place?.noteImage()
            return place
        }
    }

    /// How many lines name again a job that has no image.
    var repeatsWithoutImage: Int {
        repeats.reduce(0) { count, job in
            places[job.key]?.hasImage == true ? count : count + job.value
        }
    }
}

/// What becomes of a manifest line, by the lines before it and the records of earlier runs.
public enum TakenLine: Sendable, Equatable {
    /// The run has this job to do.
    case job(JobID)
    /// Earlier runs have settled it so, and it needs no record.
    case settled(RecordStatus)
    /// It is recorded as it stands, as `invalid` or `duplicate`.
    ///
    /// It is stored indirectly, because it is rare and would make every line larger.
    indirect case ended(JobRecord)
}
