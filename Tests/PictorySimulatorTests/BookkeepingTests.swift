import Synchronization
import Testing

@testable import PictorySimulator

@Suite struct BookkeepingTests {
    @Test func bucketRefillsAtItsRateAndNoFurtherThanItsBurst() {
        var bucket = TokenBucket(rate: 2, burst: 3)
        // At the end a clock that went back, which must give nothing.
        let times = [0, 0.4, 0.5, 100, 50]
        let taken = times.map { time in (0..<5).count { _ in bucket.take(at: time) } }
        #expect(taken == [3, 0, 1, 3, 0])
    }

    @Test func mostInFlightIsTheHighestOverlap() {
        var statistics = Statistics()
        statistics.arrived(.poll, at: 0)
        statistics.arrived(.image, at: 0)
        statistics.left(.poll)
        statistics.arrived(.poll, at: 1)
        statistics.arrived(.other, at: 1)
        #expect(statistics.inFlight == 2)
        #expect(statistics.mostInFlight == 2)
    }

    @Test func busiestSecondNeedNotBeAWholeOne() {
        var statistics = Statistics()
        for time in [0.6, 0.9, 1.1, 1.5, 1.7] { statistics.arrived(.poll, at: time) }
        #expect(statistics.mostPollsInASecond == 4)
    }

    @Test func ledgerForgetsTheOldestJobBeyondItsLimit() {
        var ledger = JobLedger(limit: 10)
        for number in 0..<100 {
            _ = ledger.poll(JobID(high: 1, low: UInt64(number)), at: 0, life: .seconds(0), restartsAfter: nil)
        }
        #expect(ledger.entries.count == 10)
        #expect(ledger.entries[JobID(high: 1, low: 99)] != nil)
        #expect(ledger.entries[JobID(high: 1, low: 89)] == nil)
    }

    @Test func ticketIsGivenBackOnceEvenWhenItIsDropped() {
        let returns = Counter()
        var ticket: FlightTicket? = FlightTicket { returns.add() }
        ticket?.land()
        ticket = nil
        #expect(returns.count == 1)
        ticket = FlightTicket { returns.add() }
        ticket = nil
        #expect(returns.count == 2)
    }

    @Test func addressIsReadBackOnlyWithItsSeed() throws {
        let job = try #require(JobID("4d82d040-4394-4371-867d-72ae1dd62b6d"))
        let address = FileAddress(.image, job, generation: 3)
        let path = address.path(seed: 5)
        #expect(FileAddress(path: path, seed: 5) == address)
        #expect(FileAddress(path: path, seed: 6) == nil)
        #expect(FileAddress(path: path + "x", seed: 5) == nil)
    }

    @Test func reportCanLeaveOutTheJobs() {
        let trial = Trial()
        _ = trial.poll(.completed)
        let moment = Moment(seconds: 1.25)
        let long = StatisticsReport.json(trial.simulation, at: moment, jobs: true).text
        let short = StatisticsReport.json(trial.simulation, at: moment, jobs: false).text
        #expect(long.contains(#""polls_per_job":{"00000000-0000-4000-8000-000000000001":1}"#))
        #expect(!short.contains("per_job"))
        #expect(short.contains(#""virtual_seconds":1.250"#) && short.contains(#""status":{"200":1}"#))
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT"),
    ])
    func datesAreSpelledAsHTTPWantsThem(unixTime: Int, text: String) {
        #expect(HTTPDate.text(unixTime: unixTime) == text)
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }

    func add() {
        value.withLock { $0 += 1 }
    }
}
