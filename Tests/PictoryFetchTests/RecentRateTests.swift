import Testing

@testable import pictory_fetch

@Suite struct RecentRateTests {
    /// A rate that has been told of a count every tenth of a second.
    private func rate(
        window: Duration = .seconds(10), until end: Int, _ count: (_ second: Double) -> Double
    ) -> RecentRate {
        var rate = RecentRate(window: window)
        for tenth in 0...end * 10 {
            rate.note(Int64(count(Double(tenth) / 10)), at: .milliseconds(tenth * 100))
        }
        return rate
    }

    @Test func thereIsNoneBeforeAnythingHappened() {
        let rate = rate(until: 20) { _ in 0 }
        #expect(rate.growth(at: .seconds(20)) == nil)
        #expect(rate.perSecond(at: .seconds(20)) == nil)
    }

    @Test func steadyGrowthHasItsSpeed() throws {
        let rate = rate(until: 100) { $0 * 50 }
        #expect(abs(try #require(rate.perSecond(at: .seconds(100))) - 50) < 1)
    }

    @Test func onlyTheWindowCounts() throws {
        // Fast for 50 s, slow ever since.
        let rate = rate(until: 80) { min($0, 50) * 1000 + max(0, $0 - 50) * 10 }
        #expect(abs(try #require(rate.perSecond(at: .seconds(80))) - 10) < 1)
    }

    @Test func measureBeginsWithTheFirstGrowth() throws {
        // The first minute passes without any; then come 10 a second.
        let rate = rate(until: 63) { max(0, $0 - 60) * 10 }
        #expect(abs(try #require(rate.perSecond(at: .seconds(63))) - 10) < 1)
    }

    @Test func standstillEndsAtZero() throws {
        var rate = rate(until: 20) { $0 * 50 }
        for second in 21...40 {
            rate.note(1000, at: .seconds(second))
        }
        #expect(try #require(rate.perSecond(at: .seconds(40))) == 0)
    }

    @Test func firstSecondTellsNothing() {
        var rate = RecentRate(window: .seconds(10))
        rate.note(0, at: .seconds(1))
        rate.note(1_000_000, at: .milliseconds(1001))
        #expect(rate.perSecond(at: .milliseconds(1500)) == nil)
        #expect(rate.perSecond(at: .milliseconds(2000)) == 1_000_000)
    }
}

@Suite struct RedrawGateTests {
    @Test func atMostTenPassInAnySecond() {
        var gate = RedrawGate(pause: .milliseconds(100))
        let passed = (0..<10_000).map { Duration.milliseconds($0) }.filter { gate.admits(at: $0) }
        #expect(passed.count == 100)
        for (first, eleventh) in zip(passed, passed.dropFirst(10)) {
            #expect(eleventh - first >= .seconds(1))
        }
    }

    @Test func refusalDoesNotPutOffTheNext() {
        var gate = RedrawGate(pause: .seconds(5))
        #expect([7, 11, 12, 16, 17].filter { gate.admits(at: .seconds($0)) } == [7, 12, 17])
    }
}
