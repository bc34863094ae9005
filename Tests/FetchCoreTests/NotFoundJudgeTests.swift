import Testing

@testable import FetchCore

@Suite struct NotFoundJudgeTests {
    private var judge = NotFoundJudge()
    private var job = NotFoundJudge.Count()
    private var other = NotFoundJudge.Count()

    private var pollsSent = 1

    /// Another job's poll is sent, and answered with its state.
    private mutating func otherIsToldOf(exists: Bool = true) {
        pollsSent += 1
        judge.noteState(of: &other, exists: exists, poll: pollsSent)
    }

    /// So many replies one after the other; returns the last verdict, and expects a further asking before.
    private mutating func notFound(
        _ times: Int = 1, wasSeen: Bool = false, isLast: Bool = false
    ) -> NotFoundJudge.Verdict {
        for _ in 1..<times {
            let verdict = judge.judge(&job, pollsSent: pollsSent, wasSeen: wasSeen, isLast: isLast)
            if verdict != .askAgain { Issue.record("\(verdict) too soon") }
        }
        return judge.judge(&job, pollsSent: pollsSent, wasSeen: wasSeen, isLast: isLast)
    }

    @Test mutating func threeInARowWhileAnotherJobIsToldOfAreBelieved() {
        let first = notFound()
        otherIsToldOf()
        let third = notFound(2)
        #expect([first, third] == [.askAgain, .jobNotFound])
    }

    @Test mutating func nothingIsBelievedWhileTheAPITellsOfNoJob() {
        let verdict = notFound(3)
        #expect(verdict == .unclear)
    }

    @Test mutating func whatWasToldBeforeTheFirstDoesNotCount() {
        otherIsToldOf()
        let verdict = notFound(3)
        #expect(verdict == .unclear)
    }

    @Test mutating func whatWasAskedBeforeTheFirstDoesNotCountEither() {
        // The other job's poll was on its way already, and its answer left the API before whatever happened there.
        pollsSent = 2
        _ = notFound()
        judge.noteState(of: &other, exists: true, poll: 2)
        let verdict = notFound(2)
        #expect(verdict == .unclear)
    }

    @Test mutating func oneThatComesForAJobThatWasSeenDiscreditsAllOfThem() {
        _ = notFound()
        otherIsToldOf()
        _ = judge.judge(&other, pollsSent: pollsSent, wasSeen: true, isLast: false)
        let verdict = notFound(2)
        #expect(verdict == .unclear)
    }

    @Test mutating func theAPIsOwnNotFoundOfAnotherJobCounts() {
        _ = notFound()
        otherIsToldOf(exists: false)
        let verdict = notFound(2)
        #expect(verdict == .jobNotFound)
    }

    @Test mutating func jobThatWasSeenIsNeverCondemned() {
        _ = notFound()
        otherIsToldOf()
        let verdict = notFound(2, wasSeen: true)
        #expect(verdict == .unclear)
    }

    @Test mutating func anotherAnswerBeginsTheCountAnew() {
        _ = notFound(2)
        job.interrupt()
        otherIsToldOf()
        let verdict = notFound(3)
        #expect(verdict == .unclear)
    }

    @Test mutating func oneThatWasWrongDiscreditsAllOfThem() {
        _ = judge.judge(&other, pollsSent: pollsSent, wasSeen: false, isLast: false)
        _ = notFound()
        otherIsToldOf()
        let verdict = notFound(2)
        #expect(verdict == .unclear)
    }

    @Test mutating func oneThatWasRightDiscreditsNothing() {
        _ = judge.judge(&other, pollsSent: pollsSent, wasSeen: false, isLast: false)
        _ = notFound()
        otherIsToldOf(exists: false)
        let verdict = notFound(2)
        #expect(verdict == .jobNotFound)
    }

    @Test mutating func jobThatIsAskedOnceIsUnclear() {
        let verdict = notFound(isLast: true)
        #expect(verdict == .unclear)
    }
}
