/// What the outcome of a poll means for its job.
extension Scheduler {
    mutating func finishPoll(
        of key: Key, _ result: Result<PollReply, JobFailure>, at now: Duration, jitter: () -> Double
    ) {
        switch result {
        case .success(let reply):
            forbiddenInARow = 0
            api.answered(key, at: now)
            let count = countAfterState(of: key, exists: true)
            jobs.update(key) { job in
                job.polls?.notFound = count
                job.polls?.note(reply.state, at: now)
                job.wasSeen = true
                job.faults = 0
                reply.warnings.forEach { job.note($0) }
            }
            take(reply.state, of: key, at: now, jitter: jitter)
        case .failure(let failure):
            noteFault(failure, of: .poll, key: key, at: now, jitter: jitter)
            noteRejection(failure, at: now)
            if failure.tellsTheState {
                let count = countAfterState(of: key, exists: failure.code != .jobNotFound)
                jobs.update(key) { job in
                    job.polls?.notFound = count
                    job.wasSeen = job.wasSeen || failure.code == .unknownStatus
                }
            } else if failure.cause != .foreignNotFound {
                jobs.update(key) { $0.polls?.notFound.interrupt() }
            }
            switch (failure.remedy, stop) {
            case _ where failure.cause == .foreignNotFound && stop == nil:
                judgeNotFound(key, failure, at: now, jitter: jitter)
            case (.askAgain, nil):
                wait(key, until: askedAgain(.poll, at: now), for: .poll)
            case (.retry, nil):
                retry(key, after: failure, for: .poll, at: now, jitter: jitter)
            case (.retry, _), (.askAgain, _), (.stop, _):
                end(key, stop?.outcome() ?? .pending(failure), at: now)
            default:
                end(key, .failed(failure), at: now)
            }
        }
    }

    /// What becomes of a job that the API knows.
    private mutating func take(
        _ state: PollReply.State, of key: Key, at now: Duration, jitter: () -> Double
    ) {
        let job = jobs.job(key)
        switch (state, job.image) {
        case (.completed(let image), _):
            promise(image, by: job.promise == nil ? .poll : .freshPoll, of: key, at: now)
        case (.completedWithoutURL(let failure), _):
            // The url is often there a moment later.
            jobs.update(key) { $0.polls?.repliesWithoutURL += 1 }
            if let stop {
                end(key, stop.outcome(), at: now)
            } else if jobs.polls(of: key).repliesWithoutURL > Self.repeatsWithoutURL {
                end(key, .failed(failure), at: now)
            } else {
                askLater(key, .failed(failure), at: now, jitter: jitter)
            }
        case (.inProgress, .needsFreshURL(let promise, let failure)) where promise.source != .line:
            // The API has said "completed" before, and that stays so: no fresh url will come of more polls.
            end(key, .failed(failure), at: now)
        case (.inProgress, _):
            keepWaiting(key, at: now, jitter: jitter)
        }
    }

    /// Takes in what a job's own manifest line tells of its end, which is no poll: the API is not told to be there, nor
    /// the key to be good.
    mutating func take(_ reply: TrustedReply, of key: Key, at now: Duration) {
        switch reply {
        case .completed(let image, let warnings):
            jobs.update(key) { job in warnings.forEach { job.note($0) } }
            promise(image, by: .line, of: key, at: now)
        case .failed(let failure):
            end(key, .failed(failure), at: now)
        }
    }

    /// Has the image of a job downloaded that is completed, unless nothing is downloaded any more.
    private mutating func promise(
        _ image: CompletedImage, by source: Job.Source, of key: Key, at now: Duration
    ) {
        let host = imageHosts.enter(url: image.url)
        let former = jobs.job(key).promise
        if let former { imageHosts.leave(former.host) }
        jobs.update(key) { job in
            job.image = .promised(
                Job.Promise(declared: image, host: host, source: source, oddImage: former?.oddImage))
        }
        if let stop, !allowsDownloads {
            end(key, stop.outcome(), at: now)
        } else {
            claimName(for: key, at: now)
        }
    }

    /// How often a job that is completed without a url is asked again.
    private static let repeatsWithoutURL = 3

    /// Notes that the API has told how a job stands, and returns the job's count of 404s after that.
    private mutating func countAfterState(of key: Key, exists: Bool) -> NotFoundJudge.Count {
        let polls = jobs.polls(of: key)
        var count = polls.notFound
        notFoundJudge.noteState(of: &count, exists: exists, poll: polls.last)
        return count
    }

    /// Asks again about a job that somebody does not find, or ends it.
    private mutating func judgeNotFound(
        _ key: Key, _ failure: JobFailure, at now: Duration, jitter: () -> Double
    ) {
        var count = jobs.polls(of: key).notFound
        let verdict = notFoundJudge.judge(
            &count, pollsSent: pollsSent, wasSeen: jobs.job(key).wasSeen, isLast: policy.once)
        jobs.update(key) { $0.polls?.notFound = count }
        switch verdict {
        case .askAgain:
            askLater(key, .failed(failure), at: now, jitter: jitter)
        case .jobNotFound:
            var failure = failure
            failure.code = .jobNotFound
            failure.message =
                "\(NotFoundJudge.enough) replies in a row say “not found” (HTTP 404), while the API told of other jobs."
            end(key, .failed(failure), at: now)
        case .unclear:
            end(key, .failed(failure), at: now)
        }
    }

    /// A job in progress waits for its next poll; the last one falls on the end of the longest wait.
    private mutating func keepWaiting(_ key: Key, at now: Duration, jitter: () -> Double) {
        let message =
            policy.once
            ? "The job is still in progress; it was asked once."
            : "The job is still in progress after the longest wait of \(policy.maxWait)."
        let end = JobOutcome.pending(JobFailure(.stillInProgress, at: .poll, message))
        askLater(key, end, at: now, jitter: jitter)
    }

    /// Has the job polled again at its polling interval, or ends it: by the stop, or as `end` says when the longest
    /// wait is over.
    private mutating func askLater(_ key: Key, _ end: JobOutcome, at now: Duration, jitter: () -> Double) {
        jobs.update(key) { $0.polls?.unfinishedReplies += 1 }
        let polls = jobs.polls(of: key)
        let waitEnds = polls.first + policy.maxWait
        if let stop {
            self.end(key, stop.outcome(), at: now)
        } else if policy.once || now >= waitEnds {
            self.end(key, end, at: now)
        } else {
            let pause = policy.polling.pause(
                afterPolls: polls.unfinishedReplies, timeLeft: waitEnds - now, jitter: jitter())
            wait(key, until: now + pause, for: .poll)
        }
    }
}
