import FetchCore
import Testing
import TestSupport

@testable import Records

@Suite struct LastSuccessTests {
    private func read(_ text: String, run: String = "night") -> Timestamp? {
        LastSuccess.read(from: Array(text.utf8), run: run)
    }

    private static let line = #"pictory_fetch_last_success_timestamp_seconds{run="night"} 1772357400.250"#

    @Test func whatIsWrittenIsReadBack() {
        for run in ["night", #"a "b" \ c"#, "two\nlines", "", "ünïcode"] {
            for moment in [0, 999, 1_772_357_400_250] as [Int64] {
                let text = MetricsEncoding.text(
                    for: .sample(), run: run, lastSuccess: Timestamp(milliseconds: moment))
                #expect(read(text, run: run)?.milliseconds == moment)
            }
        }
        #expect(read(MetricsEncoding.text(for: .sample(), run: "night", lastSuccess: nil)) == nil)
    }

    @Test func oneLineIsEnough() {
        #expect(read(Self.line) == Sample.now)
        #expect(read("# something\n\(Self.line)\n") == Sample.now)
    }

    @Test(arguments: [
        "", "\0\0\0\0", line + "\n" + line, line + " 1772357400250", " " + line, line + "0", line + "\r",
        line.replacing("1772357400.250", with: "1.77e9"), line.replacing(".250", with: ""),
        line.replacing("1772357400.250", with: "-1772357400.250"), line.replacing("1772357400.250", with: "NaN"),
        line.replacing("1772357400.250", with: "177235740000.250"),
        line.replacing("1772357400.250", with: "17723574 0.250"),
        line.replacing("night", with: "day"), line.replacing("{run=\"night\"}", with: ""),
        line.replacing("timestamp", with: "time"),
    ])
    func anyOtherFormIsNone(text: String) {
        #expect(read(text) == nil)
    }
}
