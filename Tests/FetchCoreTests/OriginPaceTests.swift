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

    @Test func refusalPausesThenHalvesThePace() {
        var pace = OriginPace()
        var now: Duration = .zero
        while now < .seconds(1) {
            #expect(pace.admit(at: now) == nil)
            now += .milliseconds(10)
        }
        pace.throttle(at: now, until: now + .seconds(5))
        #expect(pace.admit(at: now) == now + .seconds(5))
        #expect(pace.admit(at: now + .seconds(4.9)) == now + .seconds(5))
        let yielded = pace.throttledRate ?? 0
        #expect(yielded > 45 && yielded < 55)
    }

    @Test func refusalsUnderWayWhenThePauseBeganDoNotHalveAgain() {
        var pace = OriginPace()
        for _ in 0..<100 { _ = pace.admit(at: .zero) }
        pace.throttle(at: .seconds(1), until: .seconds(2))
        let first = pace.throttledRate
        pace.throttle(at: .seconds(1.1), until: .seconds(9))
        #expect(pace.throttledRate == first)
        #expect(pace.admit(at: .seconds(8)) == .seconds(9))
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
                if admitted.isMultiple(of: 10) { pace.throttle(at: now, until: now + .seconds(1)) }
            }
        }
        #expect(admitted > 600)
    }

    @Test func paceRecoversSlowlyAndNeverBeyondTheUsersRate() {
        var pace = OriginPace(rate: 40)
        var now: Duration = .zero
        for _ in 0..<200 {
            while let later = pace.admit(at: now) { now = later }
        }
        pace.throttle(at: now, until: now + .seconds(1))
        #expect((pace.limit ?? 0) < 22)
        now += .seconds(1)
        let before = pace.limit ?? 0
        _ = pace.admit(at: now + .seconds(1))
        let after = pace.limit ?? 0
        #expect(after > before && after <= before + 2.01)
        _ = pace.admit(at: now + .seconds(200))
        #expect(pace.limit == 40)
    }
}
