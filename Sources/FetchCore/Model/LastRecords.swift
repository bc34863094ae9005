/// Of each job, and of each line that was no job of its own, what is kept of its last record.
///
/// This is the one fold of all who read results back. The caller says what is kept, and which of two records counts: the
/// later one in the file, or the one that was finished later. Its code is inlined for the reason that ``JobMap`` gives.
public struct LastRecords<Job, Line> {
    @usableFromInline var jobs = JobMap<Job>()
    @usableFromInline var lines: [Place: Line] = [:]
    @usableFromInline var manifests: [ExactText: UInt32] = [:]

    @usableFromInline struct Place: Hashable, Sendable {
        let manifest: UInt32
        let line: UInt32

        @usableFromInline init(manifest: UInt32, line: Int) {
            self.manifest = manifest
            self.line = UInt32(clamping: line)
        }
    }

    @inlinable public init() {}

    /// Takes in the next record.
    ///
    /// `job` and `line` get what is kept so far of the job or the line that the record speaks of, and return what is to
    /// be kept of it; nil changes nothing. A record of a job shows that its line is a job of its own by now, and what is
    /// kept of the line goes, unless `keepingLines`.
    ///
    /// A `duplicate` speaks of its line alone. The job that it names may stand in another manifest, and whether that has
    /// its image is for the job's own records to say.
    @inlinable public mutating func note(
        _ record: PastRecord, job: (_ end: PastJobEnd, _ before: Job?) -> Job?,
        line: (_ end: PastLineEnd, _ before: Line?) -> Line?, keepingLines: Bool = false
    ) {
        switch record.end {
        case .job(let id, let end):
            jobs.update(id) { job(end, $0) }
            // Nearly every journal has few such lines or none, and then a record costs no second search.
            guard !keepingLines, !lines.isEmpty, let place = place(record.manifest, record.line) else { return }
            lines[place] = nil
        case .line(let end):
            let known = place(record.manifest, record.line)
            guard let value = line(end, known.flatMap { lines[$0] }) else { return }
            lines[known ?? newPlace(record.manifest, record.line)] = value
        }
    }

    /// How many jobs something is kept of; their places are counted from 0, in the order in which that was first so.
    @inlinable public var jobCount: Int { jobs.count }

    /// The job at a place, and what is kept of it.
    @inlinable public subscript(place place: Int) -> (id: JobID, kept: Job) { jobs[place: place] }

    /// What is kept of a job.
    @inlinable public subscript(id: JobID) -> Job? { jobs[id] }

    /// The place of a job of which something is kept.
    @inlinable public func place(of id: JobID) -> Int? { jobs.place(of: id) }

    /// What is kept of every line that was no job of its own, in no order.
    @inlinable public var allLines: [Line] { Array(lines.values) }

    /// What is kept of a line that was no job of its own.
    @inlinable public func line(_ number: Int, of manifest: String) -> Line? {
        place(manifest, number).flatMap { lines[$0] }
    }

    /// Nil when no line of this manifest is known.
    @inlinable func place(_ manifest: String, _ line: Int) -> Place? {
        manifests[ExactText(manifest)].map { Place(manifest: $0, line: line) }
    }

    @inlinable mutating func newPlace(_ manifest: String, _ line: Int) -> Place {
        let number = UInt32(clamping: manifests.count)
        manifests[ExactText(manifest)] = number
        return Place(manifest: number, line: line)
    }
}

extension LastRecords: Sendable where Job: Sendable, Line: Sendable {}
