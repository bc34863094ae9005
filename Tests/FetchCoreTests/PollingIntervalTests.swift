import Testing

@testable import FetchCore

@Suite struct PollingIntervalTests {
    @Test(arguments: [(1, 10.0, 15.0), (2, 15, 22.5), (3, 22.5, 30), (4, 24, 30), (500, 24, 30)])
    func growsByHalfWithinItsBounds(polls: Int, low: Double, high: Double) {
        let interval = PollingInterval(first: .seconds(10), longest: .seconds(30))
        #expect(interval.interval(afterPolls: polls, jitter: 0) == .seconds(low))
        #expect(interval.interval(afterPolls: polls, jitter: 0.5) == .seconds((low + high) / 2))
    }

    @Test(arguments: [0, 0.3, 0.999]) func neverLeavesFirstAndLongest(jitter: Double) {
        for longest in [1, 2, 3, 10, 100] {
            let interval = PollingInterval(first: .seconds(1), longest: .seconds(longest))
            for polls in 1...30 {
                let pause = interval.interval(afterPolls: polls, jitter: jitter)
                #expect(pause >= .seconds(1) && pause <= .seconds(longest))
            }
        }
    }

    @Test(arguments: [0, 0.2, 0.5, 0.7, 0.999]) func lastPollFallsOnTheEndAndNoneComesTooSoon(jitter: Double) {
        let interval = PollingInterval(first: .seconds(10), longest: .seconds(30))
        for seconds in 10...1000 {
            var left: Duration = .seconds(seconds)
            var polls = 0
            while left > .zero {
                polls += 1
                let pause = interval.pause(afterPolls: polls, timeLeft: left, jitter: jitter)
                #expect(pause >= .seconds(10) && pause <= .seconds(30))
                left -= pause
            }
            #expect(left == .zero)
        }
    }

    @Test func timeShorterThanAnIntervalIsOnePoll() {
        let interval = PollingInterval(first: .seconds(10), longest: .seconds(30))
        #expect(interval.pause(afterPolls: 1, timeLeft: .seconds(3), jitter: 0.5) == .seconds(3))
    }

    @Test func longestBelowFirstCountsAsFirst() {
        let interval = PollingInterval(first: .seconds(60), longest: .seconds(30))
        #expect(interval.interval(afterPolls: 3, jitter: 0.9) == .seconds(60))
    }
}
