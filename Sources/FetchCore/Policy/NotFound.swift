/// Decides what "not found" (HTTP 404) means where it does not come in the API's own words.
///
/// A load balancer says 404 while its backends restart, and a gateway says it for a mistyped url; neither knows the job.
/// To call a job unknown makes the user pay for another image, so it takes all of this:
/// - three such replies in a row, at poll intervals;
/// - asked after the first of them, the API has told the state of another job, so it was there to be asked;
/// - the job was never seen in progress or finished;
/// - no reply of this kind has turned out wrong in this run. One that came for a job whose state the API has told, before
///   or after, shows that something between us and the API says "not found" of jobs that exist.
struct NotFoundJudge: Sendable {
    /// The replies of this kind that one job has had.
    struct Count: Sendable, Equatable {
        fileprivate(set) var inARow = 0
        /// The number of polls that had been sent when the first of them in a row came.
        fileprivate var pollsBefore = 0
        fileprivate var isAny = false

        /// Another answer, or none, has come in between.
        mutating func interrupt() { inARow = 0 }
    }

    enum Verdict: Equatable {
        case askAgain
        /// The API knows no such job.
        case jobNotFound
        /// It is not known who sent the replies.
        case unclear
    }

    /// Of the polls that were answered with a job's state, the number of the one that was sent last.
    private var lastTold = 0
    private var hasBeenWrong = false

    /// Replies in a row that are enough to decide.
    static let enough = 3

    /// Notes that the API has told a job's state; `count` is that of the job, which begins anew.
    ///
    /// - Parameters:
    ///   - exists: false for the API's own "not found", which contradicts nothing.
    ///   - poll: the number of the poll that was answered so, counted as polls are sent, from 1.
    mutating func noteState(of count: inout Count, exists: Bool, poll: Int) {
        lastTold = max(lastTold, poll)
        hasBeenWrong = hasBeenWrong || exists && count.isAny
        count = Count()
    }

    /// Takes in one more "not found" from an unknown sender, and decides.
    ///
    /// - Parameters:
    ///   - pollsSent: the number of polls that have been sent by now, for any job.
    ///   - wasSeen: the job was in progress or finished before, in this run or an earlier one.
    ///   - isLast: the job is not asked again, whatever this returns.
    mutating func judge(_ count: inout Count, pollsSent: Int, wasSeen: Bool, isLast: Bool) -> Verdict {
        // The API has known it.
        hasBeenWrong = hasBeenWrong || wasSeen
        if count.inARow == 0 { count.pollsBefore = pollsSent }
        count.inARow += 1
        count.isAny = true
        guard count.inARow >= Self.enough else { return isLast ? .unclear : .askAgain }
        // The job itself was told nothing since, or its count would have begun anew.
        let othersWereTold = lastTold > count.pollsBefore
        return othersWereTold && !wasSeen && !hasBeenWrong ? .jobNotFound : .unclear
    }
}
