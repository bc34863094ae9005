import FetchCore
import Testing
import TestSupport

@testable import Records

@Suite struct MetricsEncodingTests {
    private func text(_ records: [JobRecord]) -> String {
        var summary = RunSummary()
        records.forEach { summary.add($0) }
        let report = RunReport(
            summary: summary, stop: nil, failure: nil, manifestExhausted: true, unreadable: [], elapsed: .zero)
        let account = RunAccount(
            of: report, manifests: ["-"], results: "-", version: "1", startedAt: Sample.now, finishedAt: Sample.now,
            exitStatus: { $0.sampleStatus })
        return MetricsEncoding.text(for: account, run: "night", lastSuccess: nil)
    }

    private func record(waited: Int?, download: Int?) -> JobRecord {
        JobRecord(
            entry: Sample.entry(), jobID: nil, outcome: Sample.downloaded,
            waited: waited.map { .milliseconds($0) }, downloadTime: download.map { .milliseconds($0) })
    }

    @Test func timesAreHistogramsInSeconds() {
        let text = text([
            record(waited: 900, download: 25), record(waited: 12_345, download: 26),
            record(waited: 5_000_000, download: nil),
        ])
        #expect(
            text.contains(
                """
                # TYPE pictory_fetch_waited_seconds histogram
                pictory_fetch_waited_seconds_bucket{run="night",le="1"} 1
                pictory_fetch_waited_seconds_bucket{run="night",le="2"} 1
                pictory_fetch_waited_seconds_bucket{run="night",le="5"} 1
                pictory_fetch_waited_seconds_bucket{run="night",le="10"} 1
                pictory_fetch_waited_seconds_bucket{run="night",le="20"} 2

                """))
        #expect(
            text.contains(
                """
                pictory_fetch_waited_seconds_bucket{run="night",le="3600"} 2
                pictory_fetch_waited_seconds_bucket{run="night",le="+Inf"} 3
                pictory_fetch_waited_seconds_sum{run="night"} 5013.245
                pictory_fetch_waited_seconds_count{run="night"} 3

                """))
        #expect(
            text.contains(
                """
                # TYPE pictory_fetch_download_seconds histogram
                pictory_fetch_download_seconds_bucket{run="night",le="0.01"} 0
                pictory_fetch_download_seconds_bucket{run="night",le="0.025"} 1
                pictory_fetch_download_seconds_bucket{run="night",le="0.05"} 2

                """))
    }

    @Test func runWithoutTimesHasHistogramsOfNone() {
        let text = text([])
        #expect(text.contains("pictory_fetch_waited_seconds_bucket{run=\"night\",le=\"+Inf\"} 0\n"))
        #expect(text.contains("pictory_fetch_download_seconds_sum{run=\"night\"} 0.000\n"))
        #expect(text.contains("pictory_fetch_download_seconds_count{run=\"night\"} 0\n"))
    }
}
