import Testing

@testable import FetchCore

@Suite struct DurationHistogramTests {
    @Test func bucketHoldsWhatIsNoLongerThanItsBound() {
        var times = DurationHistogram(upTo: [.milliseconds(10), .seconds(1)])
        for milliseconds in [0, 10, 11, 1000, 1001, 90_000] { times.add(.milliseconds(milliseconds)) }
        #expect(times.cumulativeCounts == [2, 4])
        #expect(times.count == 6)
        #expect(times.sum == .milliseconds(92_022))
    }

    @Test func partsOfAMillisecondDoNotCount() {
        var times = DurationHistogram(upTo: [.milliseconds(10)])
        times.add(.microseconds(10_999))
        #expect(times.cumulativeCounts == [1])
        #expect(times.sum == .milliseconds(10))
    }

    @Test func boundsOfTheSummaryAscend() {
        let summary = RunSummary()
        for bounds in [summary.waits.bounds, summary.downloadTimes.bounds] {
            #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
        }
    }
}
