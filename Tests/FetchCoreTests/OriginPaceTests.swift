import Testing

@testable import FetchCore

@Suite struct OriginPaceTests {
    @Test func withoutALimitEverythingIsAdmitted() {
        var pace = OriginPace()
        #expect((0..<1000).allSatisfy { _ in pace.admit(at: .zero) == nil })
    }

    @Test func bucketRefillsAtTheRate() {
        var pace = OriginPace(rate: 2)
        #expect(pace.admit(at: .zero) == nil)
        #expect(pace.admit(at: .zero) == .milliseconds(500))
        #expect(pace.admit(at: .milliseconds(500)) == nil)
        // Idle time is not saved up beyond one request.
        #expect(pace.admit(at: .seconds(100)) == nil)
        #expect(pace.admit(at: .seconds(100)) != nil)
    }

    @Test(arguments: [1.0, 7, 333, 5000]) func rateIsReachedWhenWakeUpsAreOnTime(rate: Double) {
        var pace = OriginPace(rate: rate)
        var now: Duration = .zero
        var admitted = 0
        while now < .seconds(20) {
            if let later = pace.admit(at: now) {
                #expect(later > now)
                now = later
            } else {
                admitted += 1
            }
        }
        #expect(Double(admitted) <= rate * 20 + max(1, rate / 10))
        #expect(Double(admitted) >= rate * 20 * 0.95)
    }

    @Test func refusalPausesThenGoesOnBelowWhatWasAnswered() {
        var pace = OriginPace()
        var now: Duration = .zero
        while now < .seconds(1) {
            #expect(pace.admit(at: now) == nil)
            if now >= .milliseconds(500) { pace.answered() }
            now += .milliseconds(10)
        }
        pace.throttle(at: now, until: now + .seconds(5))
        #expect(pace.admit(at: now) == now + .seconds(5))
        #expect(pace.admit(at: now + .seconds(4.9)) == now + .seconds(5))
        let throttled = pace.throttledRate ?? 0
        #expect(throttled > 40 && throttled < 45)
    }

    @Test func refusalOfWhatDidNotWaitForThePaceCutsWhatWasUsed() {
        var pace = OriginPace()
        for _ in 0..<100 { pace.answered() }
        pace.throttle(at: .seconds(1), until: .seconds(2))
        #expect(pace.throttledRate == 85)
        // Ten requests a second are far below that.
        var now = Duration.seconds(2)
        while now < .seconds(12) {
            #expect(pace.admit(at: now) == nil)
            pace.answered()
            now += .milliseconds(100)
        }
        #expect(pace.throttledRate == 85)
        pace.throttle(at: now, until: now + .seconds(1))
        let throttled = pace.throttledRate ?? 0
        #expect(throttled > 5 && throttled < 9)
    }

    @Test func refusalsUnderWayWhenThePauseBeganDoNotSlowDownAgain() {
        var pace = OriginPace()
        for _ in 0..<100 { pace.answered() }
        pace.throttle(at: .seconds(1), until: .seconds(2))
        let first = pace.throttledRate
        pace.throttle(at: .seconds(1.1), until: .seconds(9))
        #expect(pace.throttledRate == first)
        #expect(pace.admit(at: .seconds(8)) == .seconds(9))
    }

    @Test func onlyTheUsersRateHoldsAProbeBack() {
        for rate in [nil, 0.1] as [Double?] {
            var pace = OriginPace(rate: rate)
            // Nothing was answered, so the throttled rate is the lowest there is.
            pace.throttle(at: .seconds(60), until: .seconds(61))
            #expect(pace.admit(at: .seconds(61), isProbe: true) == nil)
            #expect((pace.admit(at: .seconds(62), isProbe: true) == nil) == (rate == nil))
            #expect(pace.admit(at: .seconds(72), isProbe: true) == nil)
        }
    }

    @Test func refusalsThatHaveNothingToDoWithThePaceDoNotBringTheRunToAHalt() {
        // One request in ten is refused with a wish for one second, however slowly we go.
        var pace = OriginPace()
        var now: Duration = .zero
        var admitted = 0
        while now < .seconds(300) {
            if let later = pace.admit(at: now) {
                now = later
            } else {
                admitted += 1
                if admitted.isMultiple(of: 10) {
                    pace.throttle(at: now, until: now + .seconds(1))
                } else {
                    pace.answered()
                }
            }
        }
        #expect(admitted > 250)
    }

    @Test func paceRecoversSlowlyAndNeverBeyondTheUsersRate() {
        var pace = OriginPace(rate: 40)
        var now: Duration = .zero
        for _ in 0..<200 {
            while let later = pace.admit(at: now) { now = later }
        }
        for _ in 0..<40 { pace.answered() }
        pace.throttle(at: now, until: now + .seconds(1))
        let before = pace.limit ?? 0
        #expect(before < 40)
        var grown: [Double] = []
        now += .seconds(1)
        for _ in 0..<300 {
            let end = now + .seconds(1)
            while now < end { now = pace.admit(at: now) ?? now }
            grown.append(pace.limit ?? 0)
        }
        #expect(grown[0] > before && grown[0] < before + 0.3 * 40)
        #expect(grown[299] == 40)
    }
}
