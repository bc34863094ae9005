import FetchCore

/// Gives each line of the manifests its record: the one that counts out of the results, or one that a run would write, or
/// one that says that nothing was recorded.
struct MergedLines {
    /// What is written for a line.
    enum Line {
        case recorded(MergedRecords.Recorded)
        case new(JobRecord)
    }

    private let records: MergedRecords
    /// Of each job with a record, by its place, the line that names it first.
    private var namedBy: [FirstLine?]
    private var manifests: [String] = []
    /// The other jobs.
    private var unrecorded = SeenJobs()
    /// The totals: the requests of all records, and what the lines came to.
    private(set) var summary: RunSummary

    /// 12 bytes with its being there or not, since there may be many millions.
    private struct FirstLine {
        let manifest: UInt32
        let line: UInt32
    }

    init(_ records: MergedRecords) {
        self.records = records
        namedBy = Array(repeating: nil, count: records.jobCount)
        summary = records.requests
    }

    mutating func next(_ item: ManifestItem) -> Line {
        switch item {
        case .invalid(let entry, let failure):
            if let line = records.line(entry.line, of: entry.manifest), line.end == .invalid(failure.code) {
                return counted(line.record)
            }
            return counted(JobRecord(entry: entry, jobID: nil, outcome: .invalid(failure)))
        case .job(let id, let entry), .settled(let id, let entry, _), .told(let id, let entry, _):
            let place = records.place(of: id)
            if let first = noteNamed(id, at: place, by: entry) { return again(id, entry, after: first) }
            if let place { return counted(records[place: place].record) }
            return counted(Self.noRecord(of: id, entry))
        }
    }

    private mutating func again(_ id: JobID, _ entry: ManifestEntry, after first: (String, Int)) -> Line {
        if !records.hasImage(id) { summary.duplicatesWithoutImage += 1 }
        if let line = records.line(entry.line, of: entry.manifest), line.end == .duplicate(id) {
            return counted(line.record)
        }
        return counted(JobRecord(of: entry, namingAgain: id, after: first))
    }

    /// Notes that a line names the job, or returns the line that has named it before.
    private mutating func noteNamed(
        _ id: JobID, at place: Int?, by entry: ManifestEntry
    ) -> (manifest: String, line: Int)? {
        guard let place else { return unrecorded.insert(id, entry) }
        if let first = namedBy[place] { return (manifests[Int(first.manifest)], Int(first.line)) }
        if manifests.last != entry.manifest { manifests.append(entry.manifest) }
        namedBy[place] = FirstLine(manifest: UInt32(manifests.count - 1), line: UInt32(clamping: entry.line))
        return nil
    }

    private mutating func counted(_ record: MergedRecords.Recorded) -> Line {
        records.count(record, in: &summary)
        return .recorded(record)
    }

    private mutating func counted(_ record: JobRecord) -> Line {
        summary.add(record)
        return .new(record)
    }

    /// The record of a job of which nothing is known; a merge is no run, so it is not counted as one.
    private static func noRecord(of id: JobID, _ entry: ManifestEntry) -> JobRecord {
        let failure = JobFailure(.noRecord, at: .run, "The results that were merged have no record of this job.")
        return JobRecord(
            entry: entry.carrying(recorded: nil, runs: 0), jobID: id, outcome: .pending(failure))
    }

    /// The jobs with a record that no line names.
    var unnamed: some Sequence<(id: JobID, record: MergedRecords.Recorded)> {
        namedBy.indices.lazy.filter { namedBy[$0] == nil }.map { records[place: $0] }
    }
}
