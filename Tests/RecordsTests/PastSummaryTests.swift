import FetchCore
import JSONBridge
import Testing

@testable import Records

@Suite struct PastSummaryTests {
    @Test func summaryIsReadAsItWasWritten() {
        let account = RunAccount.sample()
        let summary = PastSummary(SummaryEncoding.object(for: account).encoded() + [UInt8(ascii: "\n")])
        #expect(
            summary
                == PastSummary(
                    startedAt: account.startedAt, images: 2, failures: 4, elapsed: .milliseconds(61_005),
                    creditsUsed: 0.7))
    }

    @Test(arguments: [
        "", "{}", "[]", "{\"v\":1", #"{"v":2,"started_at":"2026-03-01T09:30:00.250Z","elapsed_ms":1,"by_status":{}}"#,
        #"{"v":1,"started_at":"yesterday","elapsed_ms":1,"by_status":{}}"#,
        #"{"v":1,"started_at":"2026-03-01T09:30:00.250Z","elapsed_ms":-1,"by_status":{}}"#,
        #"{"v":1,"started_at":"2026-03-01T09:30:00.250Z","elapsed_ms":1}"#,
    ])
    func whatIsNoSummaryIsNone(text: String) {
        #expect(PastSummary(Array(text.utf8)) == nil)
    }

    @Test func creditsMayBeMissing() {
        let text = #"{"v":1,"started_at":"2026-03-01T09:30:00.250Z","elapsed_ms":1,"by_status":{"failed":3}}"#
        let summary = PastSummary(Array(text.utf8))
        #expect(summary?.creditsUsed == nil)
        #expect(summary?.failures == 3)
        #expect(summary?.images == 0)
    }
}
