import DequeModule
import HeapModule

/// What starts next.
extension Scheduler {
    /// Fills the free slots, asks for more lines, and sees to it that it is woken in time.
    mutating func advance(at now: Duration) {
        if case .finished = state { return }
        if case .running = state, let deadline = policy.deadline, now >= deadline {
            begin(.deadline, at: now)
        }
        if case .draining(var drain) = state, drain.cancels(at: now) {
            state = .draining(drain)
            commands.append(.cancelRequests)
            endWaiting(at: now)
        }
        endRefused(at: now)
        var next: Duration?
        startDownloads(at: now, next: &next)
        startPolls(at: now, next: &next)
        readMore()
        if let records = unwritten.next() {
            commands.append(.record(records))
        }
        if jobs.count == 0, unwritten.count == 0, case .ended = reading {
            state = .finished(stop: stop, failure: nil)
            commands.append(.finish)
            return
        }
        wake(at: [next, end].compactMap(\.self).min())
    }

    /// When the run comes to its next stage by the clock alone.
    private var end: Duration? {
        switch state {
        case .running: policy.deadline
        case .draining(let drain): drain.cancelAt
        case .finished: nil
        }
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
        while inFlight < policy.concurrency, unwritten.images < policy.unrecordedImagesLimit {
            guard let key = imageHosts.admit(at: now, next: &next) else { return }
            jobs.update(key) { $0.downloads += 1 }
            let job = jobs.job(key)
            guard case .promised(let promise) = job.image else { preconditionFailure("a download without an image") }
            inFlight += 1
            commands.append(.download(key, job.id, url: promise.declared.url, to: place(of: job)))
        }
    }

    /// New jobs go before repeated polls, until one of these is late by a whole interval: so none waits for ever.
    private mutating func startPolls(at now: Duration, next: inout Duration?) {
        guard case .running = state else { return }
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
            jobs.notePoll(of: key, number: pollsSent, at: now)
            inFlight += 1
            commands.append(.poll(key, jobs.id(of: key)))
        }
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
        let drain = Drain(for: reason, at: now)
        switch state {
        case .running: state = .draining(drain)
        case .draining(let earlier) where reason.outranks(earlier.reason): state = .draining(drain.replacing(earlier))
        case .draining, .finished: return
        }
        commands.append(.tell(.stopping(reason)))
        endReading()
        endWaiting(at: now)
    }

    /// Ends the jobs that wait for something which the run does not start any more.
    private mutating func endWaiting(at now: Duration) {
        guard let stop else { return }
        for key in removeWaitingPolls() + (allowsDownloads ? [] : removeWaitingDownloads()) {
            end(key, stop.outcome(), at: now)
        }
    }

    /// Takes out all downloads that are not on the wire.
    private mutating func removeWaitingDownloads() -> [Key] {
        imageHosts.removeAll() + (names?.removeWaiting() ?? [])
    }

    /// Takes out all polls that are not on the wire.
    private mutating func removeWaitingPolls() -> [Key] {
        let keys = Array(newJobs) + waitingPolls.unordered.sorted().map(\.key)
        newJobs.removeAll()
        waitingPolls = []
        return keys
    }
}
