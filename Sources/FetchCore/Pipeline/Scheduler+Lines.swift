/// What becomes of the manifest's lines.
extension Scheduler {
    /// Notes that a read has come back, and returns how many lines to ask for before its own are taken in; nil where they
    /// have to be taken in first.
    mutating func noteRead(_ batch: ManifestBatch) -> Int? {
        switch reading {
        case .readingLast:
            // The read may have returned just before it was told to, without the end. It is the last one in any case.
            reading = .ended(complete: false)
        case .idle, .reading, .ended:
            reading = batch.ended ? .ended(complete: true) : .idle
        }
        guard let limit = readLimit(holding: batch.items) else { return nil }
        reading = .reading
        return limit
    }

    /// Asks for lines while there is room for them.
    mutating func readMore() {
        guard let limit = readLimit(holding: []) else { return }
        reading = .reading
        commands.append(.read(upTo: limit))
    }

    /// How many lines may be asked for besides those that are held; nil while there is no room for enough of them.
    private func readLimit(holding items: [ManifestItem]) -> Int? {
        guard reading == .idle else { return nil }
        let bytes = items.reduce(inputBytes) { $0 + ($1.entry.input?.count ?? 0) }
        let room = policy.window - jobs.count - unwritten.count - items.count
        // A read for every job that ends would cost more than the job: while there is work, wait for a fair piece.
        let piece = newJobs.isEmpty && items.isEmpty ? 1 : min(RunPolicy.readLimit, policy.window / 4)
        guard bytes < RunPolicy.inputBytesLimit, room >= max(1, piece) else { return nil }
        return min(room, RunPolicy.readLimit)
    }

    /// Reads no further: a read under way returns, and is the last.
    mutating func endReading() {
        switch reading {
        case .idle:
            reading = .ended(complete: false)
        case .reading:
            reading = .readingLast
            commands.append(.stopReading)
        case .readingLast, .ended:
            break
        }
    }

    /// Takes in lines of the manifest. After a stop they are recorded at once: a line that was read has its record.
    mutating func accept(_ batch: ManifestBatch, at now: Duration) {
        portionRead = batch.portion
        for item in batch.items {
            accept(item, at: now)
        }
    }

    /// A line that earlier runs have settled is counted and gets no further record.
    private mutating func accept(_ item: ManifestItem, at now: Duration) {
        switch seen.take(item) {
        case .settled(let status):
            summary.addSettled(status)
        case .ended(let ended):
            hold(item.entry)
            record(ended)
        case .job(let id):
            hold(item.entry)
            let key = jobs.insert(Job(id: id, entry: item.entry))
            if case .told(_, _, let reply) = item {
                take(reply, of: key, at: now)
            } else if let stop {
                end(key, stop.outcome(), at: now)
            } else {
                newJobs.append(key)
            }
        }
    }

    /// Counts the line's bytes until its record is written.
    private mutating func hold(_ entry: ManifestEntry) {
        inputBytes += entry.input?.count ?? 0
    }
}
