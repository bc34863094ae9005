import DequeModule

/// The jobs that were read and have not come to their end, each under a small number that is used again.
struct JobTable {
    private var slots: [Job?] = []
    private var free: [Scheduler.Key] = []
    /// Jobs by their first polls, the earliest first; some have left the table, but never the first of them.
    private var polled: Deque<FirstPoll> = []

    private struct FirstPoll {
        let key: Scheduler.Key
        let at: Duration
    }

    /// How many jobs there are.
    var count: Int { slots.count - free.count }

    mutating func insert(_ job: Job) -> Scheduler.Key {
        if let key = free.popLast() {
            slots[key] = job
            return key
        }
        slots.append(job)
        return slots.count - 1
    }

    /// Takes the job out; its number is free again.
    mutating func remove(_ key: Scheduler.Key) -> Job {
        guard let job = slots[key] else { preconditionFailure("there is no job \(key)") }
        slots[key] = nil
        free.append(key)
        forgetPolls()
        return job
    }

    /// The job that has been asked about for longest; nil when none was asked about.
    var polledFirst: Progress.PolledJob? {
        guard let first = polled.first, let id = slots[first.key]?.id else { return nil }
        return Progress.PolledJob(id: id, since: first.at)
    }

    /// Counts a poll that goes out now, with this number among all of the run.
    mutating func notePoll(of key: Scheduler.Key, number: Int, at now: Duration) {
        if slots[key]?.polls == nil {
            polled.append(FirstPoll(key: key, at: now))
        }
        update(key) { job in
            var polls = job.polls ?? Job.Polls(first: now)
            polls.count += 1
            polls.last = number
            job.polls = polls
        }
    }

    /// Forgets first polls of jobs that have left: those in front at once, those in between when they are the most, so
    /// that the cost is shared by all jobs and the memory is bounded by the jobs in the table.
    private mutating func forgetPolls() {
        while let first = polled.first, !isCurrent(first) {
            polled.removeFirst()
        }
        if polled.count > 2 * count + 64 {
            polled = Deque(polled.lazy.filter(isCurrent))
        }
    }

    /// A key that is used again has another first poll, or one at the same moment, which tells the same.
    private func isCurrent(_ poll: FirstPoll) -> Bool { slots[poll.key]?.polls?.first == poll.at }

    func job(_ key: Scheduler.Key) -> Job {
        guard let job = slots[key] else { preconditionFailure("there is no job \(key)") }
        return job
    }

    /// The polls of a job that was polled at least once.
    func polls(of key: Scheduler.Key) -> Job.Polls {
        guard let polls = slots[key]?.polls else { preconditionFailure("job \(key) was not polled") }
        return polls
    }

    /// Changes the job in place: a copy out and back would cost more than the change.
    mutating func update(_ key: Scheduler.Key, _ change: (inout Job) -> Void) {
        precondition(slots[key] != nil, "there is no job \(key)")
        slots[key]?.apply(change)
    }

    func id(of key: Scheduler.Key) -> JobID {
        guard let id = slots[key]?.id else { preconditionFailure("there is no job \(key)") }
        return id
    }
}
