@testable import FetchCore

/// What a run was told of its jobs, to see whether a job that nobody found in it may be called unknown: the contract's
/// rule, read a second time.
struct NightNotFounds {
    private struct Job {
        var inARow = 0
        var pollsBefore = 0
        var wasSeen = false
    }

    private var jobs: [Int: Job] = [:]
    /// Of the answers that told a job's state: the job, and the number of its poll.
    private var told: [(job: Int, poll: Int)] = []

    /// Takes in a reply as it arrives.
    mutating func note(_ reply: Result<PollReply, JobFailure>, of number: Int, poll: Int, pollsSent: Int) {
        var job = jobs[number] ?? Job()
        switch reply {
        case .failure(let failure) where failure.cause == .foreignNotFound:
            if job.inARow == 0 { job.pollsBefore = pollsSent }
            job.inARow += 1
        case .failure(let failure):
            job.inARow = 0
            if failure.tellsTheState { told.append((number, poll)) }
        case .success:
            job = Job(wasSeen: true)
            told.append((number, poll))
        }
        jobs[number] = job
    }

    /// Whether everything that the contract asks for speaks against the job.
    func condemn(_ number: Int) -> Bool {
        guard let job = jobs[number], !job.wasSeen, job.inARow >= 3 else { return false }
        return told.contains { $0.job != number && $0.poll > job.pollsBefore }
    }
}
