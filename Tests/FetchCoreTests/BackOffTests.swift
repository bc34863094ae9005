import Testing

@testable import FetchCore

@Suite struct BackOffTests {
    private let backOff = BackOff(base: .seconds(1), longest: .seconds(60))

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1000, 60)])
    func limitDoublesUpToTheLongest(failures: Int, seconds: Int) {
        #expect(backOff.delay(afterFailures: failures, jitter: 0) == .zero)
        #expect(backOff.delay(afterFailures: failures, jitter: 0.5) == .seconds(seconds) / 2)
    }
}
