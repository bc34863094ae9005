import HeapModule

/// How a step is followed by another one, or by the job's end.
extension Scheduler {
    /// Counts records that were written, and stops the run if one of them says that the disk is at fault.
    mutating func settle(_ records: [JobRecord], at now: Duration) {
        commands.append(.tell(.recorded(records)))
        unwritten.noteWritten()
        for record in records {
            summary.add(record)
            if case .downloaded = record.outcome, let id = record.jobID { seen.noteImage(of: id) }
            inputBytes -= record.entry.input?.count ?? 0
            settleName(of: record, at: now)
            if let failure = record.outcome.failure, failure.stopsRun {
                begin(.storage(failure), at: now)
            }
        }
    }

    /// Another attempt after the back-off, or the job's end when its attempts are used up.
    mutating func retry(
        _ key: Key, after failure: JobFailure, for step: Step, at now: Duration,
        jitter: () -> Double
    ) {
        jobs.update(key) { $0.faults += 1 }
        let job = jobs.job(key)
        guard job.faults <= policy.retries, !isHopeless(step, at: now) else {
            giveUp(key, failure, at: now)
            return
        }
        var delay = delay(after: failure, faults: job.faults, jitter: jitter)
        if failure.code == .unknownStatus {
            // A status that is new to us may well be one more kind of "in progress".
            delay = max(delay, policy.polling.first)
        }
        commands.append(.tell(.retrying(job.id, failure, after: delay)))
        wait(key, until: now + delay, for: step)
    }

    /// The server's own wish, up to the longest wait; without one, the back-off.
    private func delay(after failure: JobFailure, faults: Int, jitter: () -> Double) -> Duration {
        if let asked = failure.retryAfter, asked > .zero {
            min(asked, policy.maxWait)
        } else {
            policy.backOff.delay(afterFailures: faults, jitter: jitter())
        }
    }

    mutating func wait(_ key: Key, until due: Duration, for step: Step) {
        dueOrder += 1
        let job = DueJob(at: due, order: dueOrder, key: key)
        switch step {
        case .poll:
            waitingPolls.insert(job)
        case .download(let host):
            imageHosts.insert(job, to: host)
        }
    }

    /// Takes the job out and hands its record on.
    ///
    /// An image comes with its part file, and with the time that its download took.
    mutating func end(
        _ key: Key, _ outcome: JobOutcome, part: (any PartFile)? = nil, downloadTime: Duration? = nil, at now: Duration
    ) {
        let job = jobs.remove(key)
        if let promise = job.promise { imageHosts.leave(promise.host) }
        record(
            JobRecord(
                entry: job.entry, jobID: job.id, outcome: outcome, warnings: job.warnings,
                creditsUsed: job.promise?.declared.creditsUsed, polls: job.polls?.count ?? 0,
                downloads: job.downloads, elapsed: job.polls.map { now - $0.first }, waited: job.polls?.waited,
                downloadTime: downloadTime),
            part: part)
    }

    mutating func record(_ record: JobRecord, part: (any PartFile)? = nil) {
        unwritten.append(PendingRecord(record: record, part: part))
    }
}
