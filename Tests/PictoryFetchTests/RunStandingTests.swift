import FetchCore
import Testing

@testable import pictory_fetch

@Suite struct RunStandingTests {
    /// A run of so many jobs that ends `speed` of them a second, from `begin` on.
    private func standing(
        until end: Int, speed: Int = 10, begin: Int = 0, settled: Int = 0, total: Progress.Total = .exact(10_000)
    ) -> RunStanding {
        var standing = RunStanding()
        for second in 0...end {
            let done = max(0, second - begin) * speed
            standing.note(
                .sample(downloaded: done, settled: settled, read: 10_000, total: total), receivedBytes: 0,
                at: .seconds(second))
        }
        return standing
    }

    @Test func timeLeftIsTheRestAtTheSpeedOfLate() throws {
        let left = try #require(standing(until: 100).timeLeft(at: .seconds(100)))
        #expect(abs(left / .seconds(1) - 900) < 5)
    }

    @Test func waitForTheFirstJobDoesNotCount() throws {
        let left = try #require(standing(until: 110, begin: 100).timeLeft(at: .seconds(110)))
        #expect(abs(left / .seconds(1) - 990) < 5)
    }

    @Test func settledLinesShortenTheRestAndAreNoSpeed() throws {
        let left = try #require(standing(until: 100, settled: 8000).timeLeft(at: .seconds(100)))
        #expect(abs(left / .seconds(1) - 100) < 5)
    }

    @Test func nothingIsToldTooEarly() {
        #expect(standing(until: 4, speed: 100).timeLeft(at: .seconds(4)) == nil)
        #expect(standing(until: 100, begin: 99, settled: 1).timeLeft(at: .seconds(100)) == nil)
        // Seven jobs in a minute are no speed.
        #expect(standing(until: 7, speed: 1).timeLeft(at: .seconds(7)) == nil)
    }

    @Test func nothingIsToldWithoutATotalOrWhenNothingMoves() {
        #expect(standing(until: 100, total: .unknown).timeLeft(at: .seconds(100)) == nil)
        #expect(standing(until: 100, total: .exact(1000)).timeLeft(at: .seconds(100)) == nil)
        var still = standing(until: 10)
        for second in 11...100 {
            still.note(
                .sample(downloaded: 100, read: 10_000, total: .exact(10_000)), receivedBytes: 0, at: .seconds(second))
        }
        #expect(still.timeLeft(at: .seconds(100)) == nil)
    }

    @Test func daysAreNoGuess() {
        let crawl = standing(until: 60, speed: 1, total: .exact(10_000_000))
        #expect(crawl.timeLeft(at: .seconds(60)) == nil)
    }
}
