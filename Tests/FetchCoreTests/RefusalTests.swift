import Testing

@testable import FetchCore

@Suite struct RefusalTests {
    private func refusal(longest: Duration = .seconds(900)) -> Refusal {
        Refusal(backOff: BackOff(base: .seconds(1), longest: .seconds(60)), longest: longest)
    }

    /// Lets the pause pass and the probe be refused; returns how long the next pause is.
    private func probe(
        _ refusal: inout Refusal, at now: inout Duration, named: Duration? = nil, jitter: Double = 0
    ) -> Duration? {
        guard case .until(let moment) = refusal.gate(at: now) else { return nil }
        now = moment
        #expect(refusal.gate(at: now) == .probe)
        refusal.sent(probe: 1, at: now)
        refusal.refused(1, named: named, at: now, jitter: { jitter })
        guard case .until(let next) = refusal.gate(at: now) else { return nil }
        return next - now
    }

    @Test func pausesDoubleUpToTheLongest() {
        var refusal = refusal()
        var now: Duration = .zero
        refusal.refused(1, named: nil, at: now, jitter: { 0 })
        #expect(refusal.gate(at: now) == .until(.seconds(1)))
        let pauses = (1...7).map { _ in probe(&refusal, at: &now) }
        #expect(pauses == [2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    }

    @Test func jitterAddsAFifthAtMostAndNothingToWhatTheServerNames() {
        var refusal = refusal()
        refusal.refused(1, named: nil, at: .zero, jitter: { 0.999_999 })
        guard case .until(let moment) = refusal.gate(at: .zero) else {
            Issue.record("no pause")
            return
        }
        #expect(moment > .seconds(1.19) && moment < .seconds(1.2))
        var named = self.refusal()
        named.refused(1, named: .seconds(9), at: .zero, jitter: { 0.999_999 })
        #expect(named.gate(at: .zero) == .until(.seconds(9)))
    }

    @Test func zeroIsNoTime() {
        var refusal = refusal()
        refusal.refused(1, named: .zero, at: .zero, jitter: { 0 })
        #expect(refusal.gate(at: .zero) == .until(.seconds(1)))
    }

    @Test func oneProbeGoesOutAndItsAnswerOpensTheOrigin() {
        var refusal = refusal()
        refusal.refused(1, named: nil, at: .zero, jitter: { 0 })
        #expect(refusal.gate(at: .milliseconds(999)) == .until(.seconds(1)))
        #expect(refusal.gate(at: .seconds(1)) == .probe)
        refusal.sent(probe: 7, at: .seconds(1))
        #expect(refusal.gate(at: .seconds(50)) == .untilProbed)
        let opensByAnother = refusal.answered(3)
        #expect(!opensByAnother)
        #expect(refusal.gate(at: .seconds(50)) == .untilProbed)
        let opensByTheProbe = refusal.answered(7)
        #expect(opensByTheProbe)
        #expect(refusal.gate(at: .seconds(51)) == .open)
    }

    @Test func probeThatComesToNothingIsSentAnew() {
        var refusal = refusal()
        refusal.refused(1, named: nil, at: .zero, jitter: { 0 })
        refusal.sent(probe: 7, at: .seconds(1))
        refusal.failed(3, isReply: false, at: .seconds(2))
        #expect(refusal.gate(at: .seconds(2)) == .untilProbed)
        refusal.failed(7, isReply: false, at: .seconds(2))
        #expect(refusal.gate(at: .seconds(2)) == .probe)
    }

    @Test func troubleOfTheServerIsNoRefusalButOpensNothing() {
        var refusal = refusal(longest: .seconds(10))
        refusal.refused(1, named: nil, at: .zero, jitter: { 0 })
        refusal.sent(probe: 7, at: .seconds(1))
        refusal.failed(7, isReply: true, at: .seconds(9))
        #expect(refusal.gate(at: .seconds(9)) == .probe)
        refusal.sent(probe: 8, at: .seconds(9))
        refusal.refused(8, named: nil, at: .seconds(11), jitter: { 0 })
        #expect(refusal.gate(at: .seconds(11)) == .until(.seconds(13)))
    }

    @Test func refusalsThatWereUnderWayOnlyLengthenThePauseByWhatTheyName() {
        var refusal = refusal()
        refusal.refused(1, named: nil, at: .zero, jitter: { 0 })
        refusal.refused(2, named: nil, at: .milliseconds(500), jitter: { 0 })
        #expect(refusal.gate(at: .milliseconds(500)) == .until(.seconds(1)))
        refusal.refused(3, named: .seconds(5), at: .milliseconds(500), jitter: { 0 })
        #expect(refusal.gate(at: .milliseconds(500)) == .until(.seconds(5.5)))
        refusal.refused(4, named: .seconds(1), at: .milliseconds(600), jitter: { 0 })
        #expect(refusal.gate(at: .milliseconds(600)) == .until(.seconds(5.5)))
    }

    @Test func refusalThatComesWhileTheProbeIsUnderWayHoldsByWhatItNames() {
        var refusal = refusal()
        refusal.refused(1, named: .seconds(2), at: .zero, jitter: { 0 })
        refusal.sent(probe: 3, at: .seconds(2))
        // It is older than the pause and names no time: nothing new.
        refusal.refused(2, named: nil, at: .seconds(2), jitter: { 0 })
        #expect(refusal.gate(at: .seconds(2)) == .untilProbed)
        refusal.refused(2, named: .seconds(60), at: .seconds(2), jitter: { 0 })
        let opensByTheProbe = refusal.answered(3)
        #expect(!opensByTheProbe)
        #expect(refusal.gate(at: .seconds(61)) == .until(.seconds(62)))
        #expect(refusal.gate(at: .seconds(62)) == .probe)
    }

    @Test func originThatRefusesEverythingForTheLongestTimeIsGivenUpAfterALastProbe() {
        var refusal = refusal(longest: .seconds(100))
        var now: Duration = .zero
        refusal.refused(1, named: nil, at: now, jitter: { 0 })
        var moments: [Duration] = [.zero]
        while probe(&refusal, at: &now) != nil { moments.append(now) }
        #expect(moments + [now] == [0, 1, 3, 7, 15, 31, 63, 100].map { .seconds($0) })
        #expect(refusal.gate(at: now) == .closed)
        #expect(refusal.state == .closed(since: .zero, notBefore: nil))
    }

    @Test(arguments: [nil, Duration.seconds(20)]) func stoppedProcessAsksOnceMoreBeforeItGivesUp(named: Duration?) {
        var refusal = refusal(longest: .seconds(100))
        refusal.refused(1, named: nil, at: .zero, jitter: { 0 })
        refusal.sent(probe: 2, at: .seconds(1))
        // The process was stopped while the reply lay there.
        refusal.refused(2, named: named, at: .seconds(150), jitter: { 0 })
        let next = Duration.seconds(150) + (named ?? .zero)
        #expect(refusal.gate(at: next) == .probe)
        refusal.sent(probe: 3, at: next)
        refusal.refused(3, named: named, at: next, jitter: { 0 })
        #expect(refusal.state == .closed(since: .zero, notBefore: named.map { next + $0 }))
    }

    @Test func timeBeyondTheLongestGivesTheOriginUpAtOnce() {
        var refusal = refusal(longest: .seconds(100))
        refusal.refused(1, named: .seconds(101), at: .seconds(5), jitter: { 0 })
        #expect(refusal.state == .closed(since: .seconds(5), notBefore: .seconds(106)))
        var within = self.refusal(longest: .seconds(100))
        within.refused(1, named: .seconds(100), at: .seconds(5), jitter: { 0 })
        #expect(within.gate(at: .seconds(5)) == .until(.seconds(105)))
    }

    @Test func refusalsOfOneMomentAreMeasuredEachFromItsOwn() {
        var refusal = refusal(longest: .seconds(100))
        refusal.refused(1, named: .seconds(100), at: .zero, jitter: { 0 })
        refusal.refused(2, named: .seconds(100), at: .milliseconds(300), jitter: { 0 })
        #expect(refusal.gate(at: .seconds(1)) == .until(.milliseconds(100_300)))
        refusal.refused(3, named: .seconds(101), at: .milliseconds(300), jitter: { 0 })
        #expect(refusal.state == .closed(since: .zero, notBefore: .milliseconds(101_300)))
    }

    @Test func afterAnAnswerToAnOlderRequestTheTimeBeginsWithTheNextRefusal() {
        var refusal = refusal(longest: .seconds(10))
        refusal.refused(1, named: .seconds(8), at: .zero, jitter: { 0 })
        let opensInThePause = refusal.answered(2)
        #expect(!opensInThePause)
        var now = Duration.seconds(7)
        var moments: [Duration] = []
        while probe(&refusal, at: &now) != nil { moments.append(now) }
        #expect(moments + [now] == [8, 10, 14, 18].map { .seconds($0) })
    }

    @Test func timeBeginsWithTheNextRefusalAndNotWithAProbeThatCameToNothing() {
        var refusal = refusal(longest: .seconds(10))
        refusal.refused(1, named: nil, at: .zero, jitter: { 0 })
        let isOpen = refusal.answered(2)
        #expect(!isOpen)
        refusal.sent(probe: 3, at: .seconds(1))
        refusal.failed(3, isReply: false, at: .seconds(9))
        refusal.sent(probe: 4, at: .seconds(9))
        refusal.refused(4, named: nil, at: .seconds(12), jitter: { 0 })
        #expect(refusal.state == .pausing(since: .seconds(12), round: 2, until: .seconds(14)))
    }

    @Test func givenUpStaysGivenUp() {
        var refusal = refusal(longest: .zero)
        refusal.refused(1, named: nil, at: .zero, jitter: { 0 })
        let opensOnceGivenUp = refusal.answered(2)
        #expect(!opensOnceGivenUp)
        refusal.refused(3, named: .seconds(1), at: .seconds(1), jitter: { 0 })
        #expect(refusal.state == .closed(since: .zero, notBefore: nil))
    }
}
