import Testing

@testable import HTTPTransport

@Suite("The slowest pace", .timeLimit(.minutes(1)))
struct SlowestPaceTests {
    private let pace = SlowestPace(grace: .seconds(60), bytesPerSecond: 1024)

    @Test func nothingIsDemandedDuringTheGrace() {
        #expect(!pace.isTooSlow(bytes: 0, elapsed: .seconds(60)))
    }

    @Test func averageCountsAfterIt() {
        #expect(pace.isTooSlow(bytes: 61, elapsed: .seconds(61)))
        #expect(pace.isTooSlow(bytes: 100 * 1024 - 1, elapsed: .seconds(100)))
        #expect(!pace.isTooSlow(bytes: 100 * 1024, elapsed: .seconds(100)))
    }
}
