/// What one job's outcome means for everyone who asks the same origin.
extension Scheduler {
    /// The origin that is asked at a step.
    private subscript(origin step: Step) -> Origin {
        get {
            switch step {
            case .poll: api
            case .download(let host): imageHosts[host].origin
            }
        }
        _modify {
            switch step {
            case .poll: yield &api
            case .download(let host): yield &imageHosts[host].origin
            }
        }
    }

    /// Slows down, pauses or gives up the origin of a job's step for its failure.
    mutating func noteFault(
        _ failure: JobFailure, of step: Step, key: Key, at now: Duration, jitter: () -> Double
    ) {
        if let notice = self[origin: step].failed(key, failure, at: now, jitter: jitter) {
            commands.append(.tell(notice))
        }
    }

    /// When a refused job is up again: its origin says when that is.
    func askedAgain(_ step: Step, at now: Duration) -> Duration {
        if case .pausing(_, _, let until) = self[origin: step].refusal.state { return until }
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

    /// Whether the origin has been out of order for so long that further retries are useless.
    func isHopeless(_ step: Step, at now: Duration) -> Bool { self[origin: step].isHopeless(at: now) }
}
