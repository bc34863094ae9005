import Testing

@testable import FetchCore

@Suite struct ThrottledRateTests {
    /// A rate that was cut and has grown for minutes since, so that its beginning has faded.
    private func settled(at value: Double) -> ThrottledRate {
        var rate = ThrottledRate(answered: 1000)
        rate.cut()
        for _ in 0..<300 { rate.grow(for: 1) }
        rate.cut()
        rate.lower(to: value)
        return rate
    }

    private func part(takenFrom value: Double) -> Double {
        var rate = settled(at: value)
        rate.cut()
        return 1 - rate.value / value
    }

    @Test func firstRateIsBelowWhatWasAnsweredAndNeverNone() {
        #expect(ThrottledRate(answered: 100).value == 85)
        #expect(ThrottledRate(answered: 0).value == 0.2)
    }

    @Test func firstRateIsAGuessThatGrowsUntilItIsRefused() {
        var rate = ThrottledRate(answered: 0)
        for _ in 0..<20 { rate.grow(for: 1) }
        #expect(rate.value > 500)
    }

    @Test func growthFadesAfterTheFirstCut() {
        var rate = ThrottledRate(answered: 100)
        rate.cut()
        #expect(rate.value == 42.5)
        var before = rate.value
        rate.grow(for: 1)
        #expect(rate.value > before + 8)
        for _ in 0..<59 { rate.grow(for: 1) }
        before = rate.value
        rate.grow(for: 1)
        #expect(rate.value < before + 0.05)
    }

    @Test func settledRateGrowsByOneInTwoMinutesWhateverItIs() {
        for value in [0.5, 5, 50] {
            var rate = settled(at: value)
            for _ in 0..<60 { rate.grow(for: 1) }
            #expect(abs(rate.value - value - 0.48) < 0.01)
        }
    }

    @Test func longPeaceEndsSlowness() {
        var rate = settled(at: 5)
        for _ in 0..<300 { rate.grow(for: 1) }
        #expect(rate.value > 50)
    }

    @Test func cutIsLargestAtOneRequestASecond() {
        #expect(abs(part(takenFrom: 1) - 0.4) < 0.001)
        #expect(abs(part(takenFrom: 4) - 0.2) < 0.001)
        #expect(abs(part(takenFrom: 0.5) - 0.283) < 0.001)
        #expect(abs(part(takenFrom: 50) - 0.07) < 0.001)
    }

    @Test func refusalsWithoutEndLeaveARate() {
        var rate = ThrottledRate(answered: 100)
        for _ in 0..<1000 { rate.cut() }
        #expect(rate.value == 0.2)
    }
}
