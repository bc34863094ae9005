import Testing

@testable import FetchCore

@Suite struct OutageTests {
    private let backOff = BackOff(base: .seconds(1), longest: .seconds(60))

    @Test func fewFaultsAreNoOutage() {
        var outage = Outage(retries: 4, backOff: backOff)
        for second in 1..<Outage.threshold {
            #expect(outage.fault(at: .seconds(second * 100)) == nil)
        }
        #expect(!outage.isHopeless(at: .seconds(10_000)))
    }

    @Test func roundsOfFaultsPauseLongerAndLonger() {
        var outage = Outage(retries: 4, backOff: backOff)
        for _ in 1..<Outage.threshold { _ = outage.fault(at: .zero) }
        #expect(outage.fault(at: .zero) == .seconds(1))
        // The rest of the round lengthens nothing.
        #expect(outage.fault(at: .milliseconds(10)) == nil)
        #expect(outage.fault(at: .seconds(1)) == .seconds(3))
        #expect(outage.fault(at: .seconds(3)) == .seconds(7))
    }

    @Test func outageIsWaitedForAsLongAsOneJobsRetriesTake() {
        var outage = Outage(retries: 4, backOff: backOff)
        for _ in 1..<Outage.savingThreshold { _ = outage.fault(at: .zero) }
        #expect(!outage.isHopeless(at: .seconds(1000)))
        _ = outage.fault(at: .zero)
        #expect(!outage.isHopeless(at: .seconds(15)))
        #expect(outage.isHopeless(at: .seconds(16)))
        #expect(outage.fault(at: .seconds(16)) == nil)
    }

    @Test func oneAnswerEndsIt() {
        var outage = Outage(retries: 4, backOff: backOff)
        for _ in 1...100 { _ = outage.fault(at: .zero) }
        outage.answer()
        #expect(!outage.isHopeless(at: .seconds(1000)))
        #expect(outage.fault(at: .seconds(1000)) == nil)
    }
}
