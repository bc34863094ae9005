import HeapModule

/// What a step's outcome means for its job.
extension Scheduler {
    mutating func finishPoll(
        of key: Key, _ result: Result<PollReply, JobFailure>, at now: Duration, jitter: () -> Double
    ) {
        switch result {
        case .success(let reply):
            forbiddenInARow = 0
            api.outage.answer()
            let job = jobs.update(key) { job in
                job.faults = 0
                reply.warnings.forEach { job.note($0) }
            }
            switch (reply.state, job.freshURL) {
            case (.completed(let image), let freshURL):
                jobs.update(key) { job in
                    job.image = image
                    if case .asked = freshURL { job.freshURL = .given }
                }
                if let stop, downloadsEnded {
                    end(key, stop.outcome(), at: now)
                } else {
                    readyDownloads.append(key)
                }
            case (.inProgress, .asked(let failure)):
                // The API has said "completed" before, and that stays so: no fresh url will come of more polls.
                end(key, .failed(failure), at: now)
            case (.inProgress, _):
                keepWaiting(key, at: now, jitter: jitter)
            }
        case .failure(let failure):
            noteFault(failure, of: .poll, faults: jobs.job(key).faults + 1, at: now, jitter: jitter)
            noteRejection(failure, at: now)
            switch (failure.remedy, stop) {
            case (.retry, nil):
                retry(key, after: failure, for: .poll, at: now, jitter: jitter)
            case (.retry, _), (.stop, _):
                end(key, stop?.outcome() ?? .pending(failure), at: now)
            default:
                end(key, .failed(failure), at: now)
            }
        }
    }

    mutating func finishDownload(
        of key: Key, _ result: Result<ReceivedImage, JobFailure>, at now: Duration, jitter: () -> Double
    ) {
        switch result {
        case .success(let received):
            imageHost.outage.answer()
            let image = received.image
            jobs.update(key) { job in
                let declared = job.image
                if declared?.width ?? image.width != image.width || declared?.height ?? image.height != image.height {
                    job.note(.dimensionMismatch)
                }
            }
            end(key, .downloaded(image), part: received.part, at: now)
        case .failure(let failure):
            if failure.code == .urlRejected, failure.httpStatus == nil {
                // The url was refused before anything was sent: no request was made.
                jobs.update(key) { $0.downloads -= 1 }
            }
            noteFault(failure, of: .download, faults: jobs.job(key).faults + 1, at: now, jitter: jitter)
            switch (failure.remedy, jobs.job(key).freshURL) {
            case (.retry, _) where !downloadsEnded:
                retry(key, after: failure, for: .download, at: now, jitter: jitter)
            case (.freshURL, .notAsked) where stop == nil:
                let job = jobs.update(key) { job in
                    job.freshURL = .asked(failure)
                    job.faults = 0
                }
                commands.append(.tell(.askingForFreshURL(job.id, failure)))
                wait(key, until: now, for: .poll)
            case (.retry, _), (.stop, _):
                end(key, stop?.outcome() ?? .pending(failure), at: now)
            default:
                end(key, .failed(failure), at: now)
            }
            if failure.stopsRun {
                begin(.storage(failure), at: now)
            }
        }
    }

    /// Counts records that are written, and stops the run if one of them tells of a disk that takes no more.
    mutating func settle(_ records: [JobRecord], images: Int, at now: Duration) {
        imagesPending -= images
        for record in records {
            summary.add(record)
            recordsPending -= 1
            inputBytes -= record.entry.input?.count ?? 0
            if let failure = record.outcome.failure, failure.stopsRun {
                begin(.storage(failure), at: now)
            }
        }
    }

    /// A job in progress waits for its next poll; the last one falls on the end of its patience.
    private mutating func keepWaiting(_ key: Key, at now: Duration, jitter: () -> Double) {
        let job = jobs.update(key) { $0.inProgressReplies += 1 }
        let patience = (job.firstPoll ?? now) + policy.maxWait
        if let stop {
            end(key, stop.outcome(), at: now)
        } else if policy.once || now >= patience {
            let message =
                policy.once
                ? "The job is still in progress; it was asked once."
                : "The job is still in progress after the longest wait of \(policy.maxWait)."
            end(key, .pending(JobFailure(.stillInProgress, at: .poll, message)), at: now)
        } else {
            let pause = policy.polling.pause(
                afterPolls: job.inProgressReplies, patience: patience - now, jitter: jitter())
            wait(key, until: now + pause, for: .poll)
        }
    }

    /// Another attempt after the back-off, or the job's end when its attempts are used up.
    private mutating func retry(
        _ key: Key, after failure: JobFailure, for step: Step, at now: Duration,
        jitter: () -> Double
    ) {
        let job = jobs.update(key) { $0.faults += 1 }
        guard job.faults <= policy.retries, !isHopeless(step, at: now) else {
            end(key, .failed(failure), at: now)
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
    func delay(after failure: JobFailure, faults: Int, jitter: () -> Double) -> Duration {
        if let asked = failure.retryAfter, asked > .zero {
            min(asked, policy.maxWait)
        } else {
            policy.backOff.delay(afterFailures: faults, jitter: jitter())
        }
    }

    private mutating func wait(_ key: Key, until due: Duration, for step: Step) {
        dueOrder += 1
        let job = DueJob(at: due, order: dueOrder, key: key)
        switch step {
        case .poll: waitingPolls.insert(job)
        case .download: waitingDownloads.insert(job)
        }
    }

    /// Takes the job out and hands its record on.
    mutating func end(_ key: Key, _ outcome: JobOutcome, part: (any PartFile)? = nil, at now: Duration) {
        let job = jobs.remove(key)
        record(
            JobRecord(
                entry: job.entry, jobID: job.id, outcome: outcome, warnings: job.warnings,
                creditsUsed: job.image?.creditsUsed, polls: job.polls, downloads: job.downloads,
                elapsed: job.firstPoll.map { now - $0 }),
            part: part)
    }

    mutating func record(_ record: JobRecord, part: (any PartFile)? = nil) {
        recordsPending += 1
        imagesPending += part == nil ? 0 : 1
        commands.append(.record(PendingRecord(record: record, part: part)))
    }
}
