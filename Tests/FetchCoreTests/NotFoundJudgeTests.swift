import Testing

@testable import FetchCore

@Suite struct NotFoundJudgeTests {
    private var judge = NotFoundJudge()
    private var job = NotFoundJudge.Count()
    private var other = NotFoundJudge.Count()

    /// So many replies one after the other; returns the last verdict, and expects a further asking before.
    private mutating func notFound(
        _ times: Int = 1, wasSeen: Bool = false, isLast: Bool = false
    ) -> NotFoundJudge.Verdict {
        for _ in 1..<times {
            let verdict = judge.judge(&job, wasSeen: wasSeen, isLast: isLast)
            if verdict != .askAgain { Issue.record("\(verdict) too soon") }
        }
        return judge.judge(&job, wasSeen: wasSeen, isLast: isLast)
    }

    @Test mutating func threeInARowWhileAnotherJobIsToldOfAreBelieved() {
        let first = notFound()
        judge.noteState(of: &other, exists: true)
        let third = notFound(2)
        #expect([first, third] == [.askAgain, .jobNotFound])
    }

    @Test mutating func nothingIsBelievedWhileTheAPITellsOfNoJob() {
        let verdict = notFound(3)
        #expect(verdict == .unclear)
    }

    @Test mutating func whatWasToldBeforeTheFirstDoesNotCount() {
        judge.noteState(of: &other, exists: true)
        let verdict = notFound(3)
        #expect(verdict == .unclear)
    }

    @Test mutating func theAPIsOwnNotFoundOfAnotherJobCounts() {
        _ = notFound()
        judge.noteState(of: &other, exists: false)
        let verdict = notFound(2)
        #expect(verdict == .jobNotFound)
    }

    @Test mutating func jobThatWasSeenIsNeverCondemned() {
        _ = notFound()
        judge.noteState(of: &other, exists: true)
        let verdict = notFound(2, wasSeen: true)
        #expect(verdict == .unclear)
    }

    @Test mutating func anotherAnswerBeginsTheCountAnew() {
        _ = notFound(2)
        job.interrupt()
        judge.noteState(of: &other, exists: true)
        let verdict = notFound(3)
        #expect(verdict == .unclear)
    }

    @Test mutating func oneThatWasWrongDiscreditsAllOfThem() {
        _ = judge.judge(&other, wasSeen: false, isLast: false)
        _ = notFound()
        judge.noteState(of: &other, exists: true)
        let verdict = notFound(2)
        #expect(verdict == .unclear)
    }

    @Test mutating func oneThatWasRightDiscreditsNothing() {
        _ = judge.judge(&other, wasSeen: false, isLast: false)
        _ = notFound()
        judge.noteState(of: &other, exists: false)
        let verdict = notFound(2)
        #expect(verdict == .jobNotFound)
    }

    @Test mutating func jobThatIsAskedOnceIsUnclear() {
        let verdict = notFound(isLast: true)
        #expect(verdict == .unclear)
    }
}
