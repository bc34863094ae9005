/// What one job's outcome means for everyone who asks the same origin.
extension Scheduler {
    /// Slows down, pauses or gives up the origin of a job's step for its failure.
    mutating func noteFault(
        _ failure: JobFailure, of step: Step, key: Key, at now: Duration, jitter: () -> Double
    ) {
        let notice =
            switch step {
            case .poll: api.failed(key, failure, at: now, jitter: jitter)
            case .download:
                jobs.job(key).host.flatMap { imageHosts[$0].origin.failed(key, failure, at: now, jitter: jitter) }
            }
        if let notice { commands.append(.tell(notice)) }
    }

    /// When a refused job is up again: its origin says when that is.
    func askedAgain(_ step: Step, key: Key, at now: Duration) -> Duration {
        let origin =
            switch step {
            case .poll: api
            case .download: jobs.job(key).host.map { imageHosts[$0].origin } ?? api
            }
        if case .pausing(_, _, let until) = origin.refusal.state { return until }
        return now
    }

    /// A 401 is about the key and stops the run; a 403 may be about one job, but several in a row are not.
    mutating func noteRejection(_ failure: JobFailure, at now: Duration) {
        if failure.code == .unauthorized {
            begin(.credentials(failure), at: now)
        } else if failure.code == .forbidden {
            forbiddenInARow += 1
            if forbiddenInARow >= RunPolicy.forbiddenLimit {
                begin(.credentials(failure), at: now)
            }
        } else if failure.httpStatus != nil {
            // The API took the key and answered; a request that never reached it says nothing about the key.
            forbiddenInARow = 0
        }
    }

    /// Whether the origin has been out of order for longer than retries are worth while.
    func isHopeless(_ step: Step, key: Key, at now: Duration) -> Bool {
        switch step {
        case .poll: api.isHopeless(at: now)
        case .download: jobs.job(key).host.map { imageHosts[$0].origin.isHopeless(at: now) } ?? false
        }
    }
}
