import FetchCore
import Testing
import TestSupport

@testable import Records

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (Sample.now.milliseconds, Sample.nowText),
        (1_709_164_799_999, "2024-02-28T23:59:59.999Z"), (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func isWrittenAndReadInUTC(milliseconds: Int64, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(moment.rfc3339 == text)
        #expect(Timestamp(rfc3339: text) == moment)
    }

    @Test func momentsBeyondFourDigitsStopThere() {
        #expect(Timestamp(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).rfc3339 == "0000-01-01T00:00:00.000Z")
    }

    @Test(arguments: [
        "", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00.25Z", "2026-03-01T09:30:00.250", "2026-03-01t09:30:00.250z",
        "2026-03-01 09:30:00.250Z", "2026-03-01T09:30:00.250+00:00", "2026-02-30T09:30:00.250Z",
        "2026-13-01T09:30:00.250Z", "2026-03-01T24:30:00.250Z", "2026-03-01T09:60:00.250Z",
        "2026-03-01T09:30:60.250Z", "2026-03-00T09:30:00.250Z", "2026-03-01T09:30:00.2:0Z",
        "2026-03-01T0/:30:00.250Z", " 026-03-01T09:30:00.250Z", "2026-03-01T09:30:00,250Z",
        "2026-03-01T09:30:00.250Z ", "é26-03-01T09:30:00.250Z", "\0\0\0\0-03-01T09:30:00.250Z",
    ])
    func everyOtherFormIsRefused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func nowIsAfterThisWasWritten() {
        #expect(Timestamp.now > Timestamp(milliseconds: 1_735_689_600_000))
    }
}
