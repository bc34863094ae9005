/// What becomes of the manifest's lines.
extension Scheduler {
    /// Takes in lines of the manifest. After a stop they are recorded at once: a line that was read has its record.
    mutating func accept(_ batch: ManifestBatch, at now: Duration) {
        reads -= 1
        portionRead = batch.portion
        // A read that came back just before it was to stop knows nothing of that, and is the last all the same.
        manifestEnded = batch.ended || stop != nil
        manifestExhausted = batch.ended && stop == nil
        for item in batch.items {
            seen.lines += 1
            accept(item, at: now)
        }
    }

    /// A line that was recorded before as what it is now is counted and gets no further record.
    private mutating func accept(_ item: ManifestItem, at now: Duration) {
        switch item {
        case .invalid(let entry, let failure):
            guard entry.recorded != .invalid(failure.code) else {
                summary.addSettled(.invalid)
                return
            }
            hold(entry)
            record(JobRecord(entry: entry, jobID: nil, outcome: .invalid(failure)))
        case .settled(let id, let entry, let job):
            guard isFirst(id, entry) else { return }
            switch job {
            case .downloaded: summary.addSettled(.downloaded)
            case .failed: summary.addSettled(.failed)
            }
        case .job(let id, let entry):
            guard isFirst(id, entry) else { return }
            hold(entry)
            let key = jobs.insert(Job(id: id, entry: entry))
            if let stop {
                end(key, stop.outcome(), at: now)
            } else {
                newJobs.append(key)
            }
        }
    }

    /// Whether the line is the first of this run that names the job; one that is not ends here as a duplicate.
    private mutating func isFirst(_ id: JobID, _ entry: ManifestEntry) -> Bool {
        guard let first = seen.insert(id, entry) else { return true }
        guard entry.recorded != .duplicate(id) else {
            summary.addSettled(.duplicate)
            return false
        }
        let place =
            first.manifest == entry.manifest ? "line \(first.line)" : "\(first.manifest), line \(first.line),"
        let failure = JobFailure(
            .duplicateJobID, at: .manifest, "The job was already named on \(place) and is fetched once.")
        hold(entry)
        record(JobRecord(entry: entry, jobID: id, outcome: .duplicate(ofLine: first.line, failure)))
        return false
    }

    /// Counts the line's bytes until its record is written.
    private mutating func hold(_ entry: ManifestEntry) {
        inputBytes += entry.input?.count ?? 0
    }
}
