import FetchCore
import JSONBridge
import Testing

@testable import Records

@Suite struct PastSummaryTests {
    private static func with(
        version: Int = 1, start: String = "2026-03-01T09:30:00.250Z", elapsed: Int = 1,
        counts: String = #","by_status":{}"#
    ) -> String {
        let times = #""started_at":"\#(start)","finished_at":"2026-03-01T09:31:00.250Z","elapsed_ms":\#(elapsed)"#
        return #"{"v":\#(version),\#(times)\#(counts)}"#
    }

    @Test func summaryIsReadAsItWasWritten() {
        let account = RunAccount.sample()
        let summary = PastSummary(SummaryEncoding.object(for: account).encoded() + [UInt8(ascii: "\n")])
        #expect(
            summary
                == PastSummary(
                    startedAt: account.startedAt, finishedAt: account.finishedAt, images: 2, failures: 4,
                    elapsed: .milliseconds(61_005), creditsUsed: 0.7))
    }

    @Test(arguments: [
        "", "{}", "[]", "{\"v\":1", with(version: 2), with(start: "yesterday"), with(elapsed: -1), with(counts: ""),
    ])
    func whatIsNoSummaryIsNone(text: String) {
        #expect(PastSummary(Array(text.utf8)) == nil)
    }

    @Test func runCoversATimeThatItBeganBeforeAndEndedAfter() {
        let start = Timestamp(milliseconds: 1000)
        let summary = PastSummary(
            startedAt: start, finishedAt: start + .seconds(10), images: 0, failures: 0, elapsed: .zero,
            creditsUsed: nil)
        #expect(summary.covers(start...(start + .seconds(10))))
        #expect(!summary.covers(start...(start + .seconds(11))))
        #expect(!summary.covers((start + .seconds(-1))...(start + .seconds(5))))
    }

    @Test func creditsMayBeMissing() {
        let text = Self.with(counts: #","by_status":{"failed":3}"#)
        let summary = PastSummary(Array(text.utf8))
        #expect(summary?.creditsUsed == nil)
        #expect(summary?.failures == 3)
        #expect(summary?.images == 0)
    }
}
