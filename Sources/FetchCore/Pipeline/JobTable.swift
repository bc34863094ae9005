/// The jobs that were read and have not come to their end, each under a small number that is used again.
struct JobTable {
    private var slots: [Job?] = []
    private var free: [Scheduler.Key] = []

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
        return job
    }

    func job(_ key: Scheduler.Key) -> Job {
        guard let job = slots[key] else { preconditionFailure("there is no job \(key)") }
        return job
    }

    /// Changes the job in place and returns what it is then.
    @discardableResult
    mutating func update(_ key: Scheduler.Key, _ change: (inout Job) -> Void) -> Job {
        guard var job = slots[key] else { preconditionFailure("there is no job \(key)") }
        change(&job)
        slots[key] = job
        return job
    }
}
