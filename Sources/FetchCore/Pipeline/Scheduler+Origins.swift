/// What one job's outcome means for everyone who asks the same origin.
extension Scheduler {
    /// How one origin bears our requests.
    struct Origin: Sendable {
        var pace: OriginPace
        var outage: Outage

        init(rate: Double? = nil, policy: RunPolicy) {
            pace = OriginPace(rate: rate)
            outage = Outage(retries: policy.retries, backOff: policy.backOff)
        }
    }

    /// Slows down or pauses for a step's failure; `faults` counts the job's faults in a row, this one included.
    mutating func noteFault(
        _ failure: JobFailure, of step: Step, faults: Int, at now: Duration, jitter: () -> Double
    ) {
        var origin = self[step]
        let named = (failure.retryAfter ?? .zero) > .zero
        if failure.httpStatus == 429 || (failure.httpStatus == 503 && named) {
            // Meant for everyone, and the server is there to say it.
            let pause = max(delay(after: failure, faults: faults, jitter: jitter), policy.backOff.base)
            origin.outage.answer()
            origin.pace.yield(at: now, until: now + pause)
            commands.append(.tell(.pausing(for: pause, failure)))
        } else if failure.tellsOfAnOutage {
            if let resume = origin.outage.fault(at: now) {
                origin.pace.pause(until: resume)
                commands.append(.tell(.pausing(for: resume - now, failure)))
            }
        } else if failure.httpStatus != nil {
            origin.outage.answer()
        }
        self[step] = origin
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
    func isHopeless(_ step: Step, at now: Duration) -> Bool {
        self[step].outage.isHopeless(at: now)
    }

    /// The origin that a step's requests go to.
    private subscript(step: Step) -> Origin {
        get {
            switch step {
            case .poll: api
            case .download: imageHost
            }
        }
        set {
            switch step {
            case .poll: api = newValue
            case .download: imageHost = newValue
            }
        }
    }
}
