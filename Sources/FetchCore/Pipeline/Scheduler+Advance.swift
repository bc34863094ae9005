import DequeModule
import HeapModule

/// What starts next.
extension Scheduler {
    /// Fills the free slots, asks for more lines, and sees to it that it is woken in time.
    mutating func advance(at now: Duration) {
        guard !finished else { return }
        if let deadline = policy.deadline, now >= deadline, stop == nil {
            begin(.deadline, at: now)
        }
        if let stop, let moment = cancelAt, now >= moment {
            cancelAt = nil
            downloadsEnded = true
            commands.append(.cancelRequests)
            endWaiting(as: stop, at: now)
        }
        endRefused(at: now)
        var next: Duration?
        startDownloads(at: now, next: &next)
        startPolls(at: now, next: &next)
        readMore()
        if jobs.count == 0, recordsPending == 0, manifestEnded, reads == 0 {
            finished = true
            commands.append(.finish)
            return
        }
        wake(at: [next, cancelAt, stop == nil ? policy.deadline : nil].compactMap(\.self).min())
    }

    /// Ends the jobs that wait for an origin which is not asked any more.
    private mutating func endRefused(at now: Duration) {
        if let failure = api.failureOfTheRefused(at: now) {
            for key in removeWaitingPolls() { end(key, .failed(failure), at: now) }
        }
        for (keys, failure) in imageHosts.removeRefused(at: now) {
            for key in keys { end(key, .failed(failure), at: now) }
        }
    }

    /// Downloads go before polls, so that urls do not age.
    private mutating func startDownloads(at now: Duration, next: inout Duration?) {
        while inFlight < policy.concurrency, imagesPending < policy.unrecordedImagesLimit {
            guard let (key, _) = imageHosts.admit(at: now, next: &next) else { return }
            let job = jobs.update(key) { $0.downloads += 1 }
            guard let image = job.image else { preconditionFailure("a download without an image") }
            inFlight += 1
            commands.append(.download(key, job.id, url: image.url))
        }
    }

    /// New jobs go before repeated polls, until one of these is late by a whole interval: so none waits for ever.
    private mutating func startPolls(at now: Duration, next: inout Duration?) {
        guard stop == nil else { return }
        while inFlight < policy.concurrency {
            let due = waitingPolls.min
            let isDue = due.map { $0.at <= now } ?? false
            let isLate = due.map { $0.at + policy.polling.first <= now } ?? false
            guard isDue || !newJobs.isEmpty else {
                next = earlier(next, due?.at)
                return
            }
            guard let key = isLate ? due?.key : newJobs.first ?? due?.key else { return }
            switch api.admit(key, at: now) {
            case .admitted: break
            case .at(let later):
                next = earlier(next, later)
                return
            case .afterProbe, .never: return
            }
            if key == newJobs.first { newJobs.removeFirst() } else { waitingPolls.removeMin() }
            pollsSent += 1
            let job = jobs.notePoll(of: key, number: pollsSent, at: now)
            inFlight += 1
            commands.append(.poll(key, job.id))
        }
    }

    /// Asks for lines while there is room for them.
    private mutating func readMore() {
        guard reads == 0, let limit = readLimit(holding: []) else { return }
        reads += 1
        commands.append(.read(upTo: limit))
    }

    /// How many lines to ask for before those of `batch` are taken in; nil where they have to be taken in first.
    ///
    /// The caller starts that read and then hands in the batch, so that the one goes on beside the other. While nearly
    /// all lines are settled, as when a run is resumed, there is nothing else to do.
    mutating func readAhead(of batch: ManifestBatch) -> Int? {
        guard !batch.ended, let limit = readLimit(holding: batch.items) else { return nil }
        reads += 1
        return limit
    }

    /// How many lines may be asked for besides those that are held; nil while there is no room for enough of them.
    private func readLimit(holding items: [ManifestItem]) -> Int? {
        guard !manifestEnded, stop == nil else { return nil }
        let bytes = items.reduce(inputBytes) { $0 + ($1.entry.input?.count ?? 0) }
        let room = policy.window - jobs.count - recordsPending - items.count
        // A read for every job that ends would cost more than the job: while there is work, wait for a fair piece.
        let piece = newJobs.isEmpty && items.isEmpty ? 1 : min(RunPolicy.readLimit, policy.window / 4)
        guard bytes < RunPolicy.inputBytesLimit, room >= max(1, piece) else { return nil }
        return min(room, RunPolicy.readLimit)
    }

    /// Asks to be woken, unless something earlier was asked for already.
    private mutating func wake(at moment: Duration?) {
        guard let moment, moment < wakes.last ?? .seconds(Int64.max / 2) else { return }
        wakes.append(moment)
        commands.append(.wake(at: moment))
    }

    private func earlier(_ left: Duration?, _ right: Duration?) -> Duration? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }

    /// Starts nothing new from here on, and ends every job that is not on the wire.
    mutating func begin(_ reason: StopReason, at now: Duration) {
        if let stop {
            guard reason.outranks(stop) else { return }
        }
        stop = reason
        // What one reason has ended, no other begins again.
        downloadsEnded = downloadsEnded || !reason.allowsDownloads
        commands.append(.tell(.stopping(reason)))
        if let grace = reason.grace {
            cancelAt = min(cancelAt ?? now + grace, now + grace)
        }
        if !manifestEnded {
            if reads > 0 {
                commands.append(.stopReading)
            } else {
                manifestEnded = true
            }
        }
        endWaiting(as: reason, at: now)
    }

    private mutating func endWaiting(as reason: StopReason, at now: Duration) {
        let keys = removeWaitingPolls() + (downloadsEnded ? imageHosts.removeAll() : [])
        for key in keys {
            end(key, reason.outcome(), at: now)
        }
    }

    /// Takes out all polls that are not on the wire.
    private mutating func removeWaitingPolls() -> [Key] {
        let keys = Array(newJobs) + waitingPolls.unordered.sorted().map(\.key)
        newJobs.removeAll()
        waitingPolls = []
        return keys
    }
}
