/// What the records of earlier runs say of every job and line: of each its last record.
///
/// There may be a million jobs, so each is a few numbers and no string: an id and what is kept of it take 40 bytes, and
/// the table that finds it 11 at most.
public struct JournalIndex: Sendable {
    private var records = LastRecords<PastJob, PastLineEnd>()
    /// The names of the jobs' images; nil where no two jobs may want the same one.
    public private(set) var names: RecordedNames?

    private struct PastJob {
        let end: PastJobEnd
        /// Any record of the job, not only the last, shows that the API has known it. Takes no memory: it lies in a gap.
        let isKnownToAPI: Bool
        let runs: UInt32
        let firstSeen: Timestamp
    }

    /// What is kept of a job beside its id.
    static var bytesForAJob: Int { MemoryLayout<PastJob>.stride }

    /// An index of no records. One that keeps names can tell which job has which: they take some 80 bytes each.
    public init(keepingNames: Bool = false) {
        names = keepingNames ? RecordedNames() : nil
    }

    /// Notes that a record says of an image that it was kept under this name.
    public mutating func note(_ name: String, _ image: ImageMark, of id: JobID) { names?.note(name, image, of: id) }

    /// Takes in the next record of the journal: the last one in the file counts.
    public mutating func note(_ record: PastRecord) {
        records.note(
            record,
            job: { end, before in
                PastJob(
                    end: end, isKnownToAPI: record.isKnownToAPI || before?.isKnownToAPI == true,
                    runs: UInt32(clamping: record.runs), firstSeen: record.firstSeen)
            },
            line: { end, _ in end })
    }

    /// The mean size of the images that the jobs' last records tell of, in bytes; nil when they tell of none.
    public var meanImageBytes: Int? {
        var (images, bytes) = (0, 0.0)
        for place in 0..<records.jobCount {
            guard case .downloaded(let size) = records[place: place].kept.end else { continue }
            images += 1
            bytes += Double(size)
        }
        return images == 0 ? nil : Int(bytes / Double(images))
    }

    /// What a manifest line asks for in the light of the records.
    ///
    /// | the job's last record | becomes |
    /// |---|---|
    /// | none | the job, as it was read |
    /// | `downloaded`, and the image lies where this run would put it and has the recorded size | settled |
    /// | advice `resubmit` or `none` | settled |
    /// | anything else | the job, its history carried on |
    ///
    /// `imageBytes` tells the size of the file where a job's image would be put, or nil when there is none; it is asked
    /// only where that counts.
    public func judge(_ item: ManifestItem, imageBytes: (JobID, ImageName?) -> Int?) -> ManifestItem {
        let recorded = records.line(item.entry.line, of: item.entry.manifest)
        switch item {
        case .invalid(let entry, let failure):
            return .invalid(entry.carrying(recorded: recorded), failure)
        case .settled(let id, let entry, _), .told(let id, let entry, _), .job(let id, let entry):
            guard let job = records[id] else { return .job(id, entry.carrying(recorded: recorded)) }
            // A line that is itself a record has a history of its own; the longer one counts.
            let isRecord = entry.runs > 1
            let entry = entry.carrying(
                recorded: recorded, firstSeen: isRecord ? min(job.firstSeen, entry.firstSeen) : job.firstSeen,
                runs: max(Int(job.runs) + 1, entry.runs), isKnownToAPI: entry.isKnownToAPI || job.isKnownToAPI)
            switch job.end {
            case .downloaded(let bytes) where isPlaced(id, entry) && imageBytes(id, entry.imageName) == bytes:
                return .settled(id, entry, .downloaded)
            case .closed: return .settled(id, entry, .failed)
            case .downloaded, .open: return .job(id, entry)
            }
        }
    }

    /// Whether what lies where this run would put the job's image can be that image. A name that other jobs may want is
    /// the job's own only if a record says so.
    private func isPlaced(_ id: JobID, _ entry: ManifestEntry) -> Bool {
        guard let names, let name = entry.imageName else { return true }
        return names.holder(of: name) == id
    }
}
