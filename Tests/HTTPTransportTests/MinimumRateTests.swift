import Testing

@testable import HTTPTransport

@Suite("The slowest rate", .timeLimit(.minutes(1)))
struct MinimumRateTests {
    private let rate = MinimumRate(grace: .seconds(60), bytesPerSecond: 1024)

    @Test func nothingIsDemandedDuringTheGrace() {
        #expect(!rate.isTooSlow(bytes: 0, elapsed: .seconds(60)))
    }

    @Test func averageCountsAfterIt() {
        #expect(rate.isTooSlow(bytes: 61, elapsed: .seconds(61)))
        #expect(rate.isTooSlow(bytes: 100 * 1024 - 1, elapsed: .seconds(100)))
        #expect(!rate.isTooSlow(bytes: 100 * 1024, elapsed: .seconds(100)))
    }
}
