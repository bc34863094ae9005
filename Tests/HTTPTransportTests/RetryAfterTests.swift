import FetchCore
import HTTPTransport
import Testing

/// The wait that a `Retry-After` header asks for.
@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT, the moment of the RFC's own examples.
    private static let moment = Timestamp(milliseconds: 784_111_777_000)
    private static let momentText = "Sun, 06 Nov 1994 08:49:37 GMT"

    private static func wait(_ header: String, date: String? = nil, now: Timestamp = moment) -> Duration? {
        RetryAfter.parse(header, date: date, now: now)
    }

    @Test(arguments: [
        ("0", 0), ("1", 1), ("120", 120), ("000120", 120), ("  120\t", 120), ("86400", 86_400),
    ])
    func digitsAreSeconds(_ header: String, _ seconds: Int) {
        #expect(Self.wait(header) == .seconds(seconds))
    }

    @Test(arguments: [
        ("8.997", 9), ("0.2", 1), ("0.5", 1), ("1.5", 2), ("5.0", 5), ("0.0", 0), ("0.000", 0), (" 2.25\t", 3),
        ("007.10", 8), ("0." + String(repeating: "0", count: 10_000) + "1", 1),
        ("1." + String(repeating: "9", count: 10_000), 2), ("86399.1", 86_400), ("86400.0", 86_400),
    ])
    func fractionsOfASecondAreRoundedUp(_ header: String, _ seconds: Int) {
        #expect(Self.wait(header) == .seconds(seconds))
    }

    @Test(arguments: [
        "2678401", "2678400.1", "99999999999999999999.5", "2147483648", "9223372036854775807", "9223372036854775808",
        "18446744073709551616",
        String(repeating: "9", count: 100_000),
    ])
    func absurdSecondsAreCapped(_ header: String) {
        #expect(Self.wait(header) == RetryAfter.longest)
    }

    @Test(arguments: [
        "", " ", "\t", "-1", "+1", "1e3", "8,5", ".", ".5", "5.", "1.2.3", "-1.5", "+1.5", "1.5e3", "1. 5", "1.5s",
        "1..5", "0x10", "1 2", "120, 240", "12s", "soon", "٣", "\u{0}", "1\n",
        "\u{FEFF}1", "GMT", ",", ":", "- -", "NaN", "\u{301}",
    ])
    func whatIsNeitherNumberNorDateIsNothing(_ header: String) {
        #expect(Self.wait(header) == nil)
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994",
        "Sun Nov 06 08:50:37 1994", " Sun, 06 Nov 1994 08:50:37 GMT\t", "sun, 06 nov 1994 08:50:37 gmt",
        "SUNDAY, 06-NOV-94 08:50:37 GMT",
        // The day's name does not fit, and the date is certain without it.
        "Mon, 06 Nov 1994 08:50:37 GMT",
    ])
    func allThreeFormsOfADateAreRead(_ header: String) {
        #expect(Self.wait(header) == .seconds(60))
        #expect(Self.wait(header, date: Self.momentText, now: Timestamp(milliseconds: 0)) == .seconds(60))
    }

    @Test func theServersClockCountsAndNotOurs() {
        for skew in [-3600, 3600, -1_000_000_000, 1_000_000_000] as [Int] {
            let now = Self.moment + .seconds(skew)
            #expect(Self.wait("Sun, 06 Nov 1994 08:50:07 GMT", date: Self.momentText, now: now) == .seconds(30))
        }
    }

    @Test(arguments: ["", "yesterday", "120", "Sun, 31 Nov 1994 08:49:37 GMT"])
    func ourClockCountsWhereTheServersIsUnreadable(_ date: String) {
        #expect(Self.wait("Sun, 06 Nov 1994 08:50:07 GMT", date: date) == .seconds(30))
    }

    @Test func secondsNeedNoClock() {
        let date = "Sat, 01 Jan 2000 00:00:00 GMT"
        #expect(Self.wait("5", date: date, now: Timestamp(milliseconds: .min)) == .seconds(5))
    }

    @Test func ourClocksMillisecondsCount() {
        let now = Timestamp(milliseconds: Self.moment.milliseconds + 250)
        #expect(Self.wait("Sun, 06 Nov 1994 08:49:38 GMT", now: now) == .milliseconds(750))
    }

    @Test(arguments: [
        momentText, "Sun, 06 Nov 1994 08:49:36 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 01 Jan 0000 00:00:00 GMT",
    ])
    func aDateThatHasPassedIsZero(_ header: String) {
        #expect(Self.wait(header) == .zero)
    }

    @Test(arguments: ["Wed, 07 Dec 1994 08:49:38 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"])
    func aDateFarAheadIsCapped(_ header: String) {
        #expect(Self.wait(header) == RetryAfter.longest)
    }

    @Test func aClockAtTheEndOfTimeDoesNotOverflow() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        for header in [Self.momentText, "Fri Dec 31 23:59:60 9999"] {
            #expect(Self.wait(header, now: first) == RetryAfter.longest)
            #expect(Self.wait(header, now: last) == .zero)
        }
        // No year of four digits is near such a clock.
        #expect(Self.wait("Sunday, 06-Nov-94 08:49:37 GMT", now: first) == nil)
        #expect(Self.wait("Sunday, 06-Nov-94 08:49:37 GMT", now: last) == nil)
    }

    @Test func knownDatesAreTheRightMoments() throws {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:10 GMT", 0), ("Tue, 29 Feb 2000 12:00:10 GMT", 951_825_600),
            ("Wed, 01 Mar 2000 00:00:10 GMT", 951_868_800), ("Fri, 31 Dec 1999 23:59:59 GMT", 946_684_789),
            ("Tue, 19 Jan 2038 03:14:18 GMT", 2_147_483_648), ("Thu, 29 Feb 2024 00:00:10 GMT", 1_709_164_800),
            ("Mon, 01 Mar 2100 00:00:10 GMT", 4_107_542_400), ("Fri, 01 Mar 1900 00:00:10 GMT", -2_203_891_200),
        ] as [(String, Int64)] {
            #expect(Self.wait(text, now: Timestamp(milliseconds: seconds * 1000)) == .seconds(10), "\(text)")
        }
    }

    @Test func everyDayOfFourHundredYearsFollowsTheOneBefore() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // Midnight of 1 January 1900, counted on by a calendar of its own.
        var midnight: Int64 = -2_208_988_800_000
        for year in 1900..<2300 {
            let isLeapYear = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
            for (month, length) in [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in [1, 15, length] {
                    let text = "Mon, \(day < 10 ? "0" : "")\(day) \(months[month]) \(year) 00:00:01 GMT"
                    let now = Timestamp(milliseconds: midnight + Int64(day - 1) * 86_400_000)
                    #expect(Self.wait(text, now: now) == .seconds(1), "\(text)")
                }
                midnight += Int64(length) * 86_400_000
            }
        }
    }

    @Test(arguments: [
        "Thu, 29 Feb 2023 00:00:00 GMT", "Thu, 29 Feb 2100 00:00:00 GMT", "Thu, 30 Feb 2024 00:00:00 GMT",
        "Thu, 00 Jan 2024 00:00:00 GMT", "Thu, 32 Jan 2024 00:00:00 GMT", "Thu, 31 Apr 2024 00:00:00 GMT",
        "Thu, 31 Jun 2024 00:00:00 GMT", "Thu, 01 Foo 2024 00:00:00 GMT", "Thu, 01 01 2024 00:00:00 GMT",
        "Thu, 01 Jan 2024 24:00:00 GMT", "Thu, 01 Jan 2024 00:60:00 GMT", "Thu, 01 Jan 2024 00:00:61 GMT",
        "Thu, 01 Jan 2024 00:00:60 GMT", "Thu, 01 Jan 2024 0:00:00 GMT", "Thu, 01 Jan 2024 00:00 GMT",
        "Thu, 1 Jan 2024 00:00:00 GMT", "Thu, 01 Jan 24 00:00:00 GMT", "Thu, 01 Jan 12024 00:00:00 GMT",
        "Thu, 01 Jan -024 00:00:00 GMT", "Xyz, 01 Jan 2024 00:00:00 GMT", "Thu 01 Jan 2024 00:00:00 GMT",
        "Thu, 01 Jan 2024 00:00:00 UTC", "Thu, 01 Jan 2024 00:00:00 +0000", "Thu, 01 Jan 2024 00:00:00",
        "2024-01-01T00:00:00Z",
        "01 Jan 2024 00:00:00 GMT", "Thursday, 01-Jan-2024 00:00:00 GMT", "Thursday, 31-Feb-24 00:00:00 GMT",
        "Thu, 01-Jan-24 00:00:00 GMT", "Thu, 01 Jan 2024 00:00:00 GMT GMT", "Thu Jan 32 00:00:00 2024",
        "Thu Jan 1 00:00:00 24",
        "Thursday Jan 1 00:00:00 2024", "Thu, 01 Jan 2024 00:00:0a GMT",
    ])
    func whatTheCalendarOrTheGrammarDoesNotHaveIsNothing(_ header: String) {
        #expect(Self.wait(header) == nil)
    }

    @Test func aLeapSecondIsTheStartOfTheNextDay() {
        let now = Timestamp(milliseconds: 1_483_228_790_000)
        #expect(Self.wait("Sat, 31 Dec 2016 23:59:60 GMT", now: now) == .seconds(10))
        #expect(Self.wait("Sun, 01 Jan 2017 00:00:00 GMT", now: now) == .seconds(10))
    }

    @Test func aTwoDigitYearMoreThanFiftyYearsAheadIsInThePast() {
        // 1 July 2025, noon: the year 75 is 50 years ahead until that very moment of it.
        let now = Timestamp(milliseconds: 1_751_371_200_000)
        #expect(Self.wait("Monday, 01-Jul-75 12:00:00 GMT", now: now) == RetryAfter.longest)
        #expect(Self.wait("Monday, 01-Jul-75 12:00:01 GMT", now: now) == .zero)
        #expect(Self.wait("Monday, 30-Jun-75 23:59:59 GMT", now: now) == RetryAfter.longest)
        #expect(Self.wait("Monday, 01-Aug-75 00:00:00 GMT", now: now) == .zero)
        #expect(Self.wait("Monday, 01-Jan-76 00:00:00 GMT", now: now) == .zero)
        #expect(Self.wait("Monday, 01-Jan-74 00:00:00 GMT", now: now) == RetryAfter.longest)
        #expect(Self.wait("Tuesday, 01-Jul-25 12:00:30 GMT", now: now) == .seconds(30))
        #expect(Self.wait("Tuesday, 01-Jul-24 12:00:30 GMT", now: now) == .zero)
    }

    @Test func aTwoDigitYearCrossesTheCentury() {
        let lastSecond = Timestamp(milliseconds: 946_684_799_000)
        #expect(Self.wait("Saturday, 01-Jan-00 00:00:09 GMT", now: lastSecond) == .seconds(10))
        #expect(Self.wait("Friday, 31-Dec-99 23:59:59 GMT", now: Timestamp(milliseconds: 946_684_800_000)) == .zero)
    }

    @Test func aTwoDigitYearIsReadNearTheServersDate() {
        let date = "Sun Nov  6 08:49:37 1994"
        let ours = Timestamp(milliseconds: 1_751_371_200_000)
        let header = "Sunday, 06-Nov-94 08:49:47 GMT"
        #expect(Self.wait(header, date: date, now: ours) == .seconds(10))
        #expect(Self.wait(header, date: "Sunday, 06-Nov-94 08:49:37 GMT", now: ours) == .seconds(10))
    }

    @Test func anyTextHasAnAnswerWithinTheBounds() {
        let pieces = [
            "Sun", ",", " ", "06", "-", "Nov", "94", "1994", "08:49:37", ":", "GMT", "\u{0}", "é", "9", "\t", "60",
        ]
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 60)]
            }
            if let wait = Self.wait(text, date: text) {
                #expect(wait >= .zero && wait <= RetryAfter.longest)
            }
        }
    }
}
