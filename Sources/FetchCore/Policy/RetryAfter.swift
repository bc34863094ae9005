/// How long a server asks its callers to stay away, read from its `Retry-After` header.
///
/// The field is a number of seconds or a date (RFC 9110, section 10.2.3). A date is measured from the `Date` header of
/// the same reply where there is one: both then come from one clock, and ours may be wrong by an hour without harm.
/// Some servers send fractions of a second, which the RFC does not have: `8.997` is read as nine seconds.
public enum RetryAfter {
    /// The longest wait that is believed.
    ///
    /// A quota may begin anew with the next month; a larger number is a mistake or mischief. The cap also keeps whatever
    /// is added to the wait later clear of overflow.
    public static let longest = Duration.seconds(31 * 24 * 60 * 60)

    /// The wait that `header` asks for, or nil when it is neither a number of seconds nor a date.
    ///
    /// - Parameters:
    ///   - header: the value of `Retry-After`; any text at all.
    ///   - date: the value of the `Date` header of the same reply, if it had one.
    ///   - now: our own clock, which counts only when `date` says nothing.
    /// - Returns: from zero (also for a date that has passed) to ``longest``.
    public static func parse(_ header: String, date: String?, now: Timestamp) -> Duration? {
        let value = trimmed(header)
        guard !value.isEmpty else { return nil }
        if let seconds = wholeNumber(value) ?? roundedUp(value) {
            return min(.seconds(seconds), longest)
        }
        let ours = now.milliseconds
        let reference = date.flatMap { milliseconds(ofDate: trimmed($0), near: ours) } ?? ours
        guard let moment = milliseconds(ofDate: value, near: reference) else { return nil }
        guard moment > reference else { return .zero }
        let (wait, overflow) = moment.subtractingReportingOverflow(reference)
        return overflow ? longest : min(.milliseconds(wait), longest)
    }

    /// Milliseconds since 1970 of an HTTP-date in any of its three forms (RFC 9110, section 5.6.7).
    ///
    /// Letters may be of either case, and the day's name need not fit the date: the RFC asks a reader to be robust, and
    /// the date is certain without it. `reference` serves to find the century of a two-digit year.
    private static func milliseconds(ofDate value: ArraySlice<UInt8>, near reference: Int64) -> Int64? {
        let words = value.split(separator: UInt8(ascii: " "), maxSplits: 6)
        guard let first = words.first else { return nil }
        let time: CivilTime?
        switch words.count {
        case 6:  // Sun, 06 Nov 1994 08:49:37 GMT
            guard isDayName(first, in: shortDayNames, ending: ","), isGMT(words[5]) else { return nil }
            guard words[1].count == 2 else { return nil }
            time = CivilTime(year: year(words[3]), month: words[2], day: words[1], clock: words[4])
        case 4:  // Sunday, 06-Nov-94 08:49:37 GMT
            let parts = words[1].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            guard isDayName(first, in: longDayNames, ending: ","), isGMT(words[3]) else { return nil }
            guard parts.count == 3, parts[0].count == 2, parts[2].count == 2 else { return nil }
            // The digits alone are a year of the first century; which century is meant is found next.
            time = CivilTime(year: wholeNumber(parts[2]), month: parts[1], day: parts[0], clock: words[2])?
                .inCentury(near: CivilTime(milliseconds: reference))
        case 5:  // Sun Nov  6 08:49:37 1994
            guard isDayName(first, in: shortDayNames, ending: "") else { return nil }
            time = CivilTime(year: year(words[4]), month: words[1], day: words[2], clock: words[3])
        default:
            return nil
        }
        return time?.milliseconds
    }

    private static let shortDayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let longDayNames = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    private static func isDayName(_ word: ArraySlice<UInt8>, in names: [String], ending: String) -> Bool {
        names.contains { spells(word, $0 + ending) }
    }

    private static func isGMT(_ word: ArraySlice<UInt8>) -> Bool {
        spells(word, "gmt")
    }

    private static func year(_ word: ArraySlice<UInt8>) -> Int64? {
        word.count == 4 ? wholeNumber(word) : nil
    }

    /// The value without spaces and tabs around it, the optional whitespace of RFC 9110, section 5.6.3.
    private static func trimmed(_ text: String) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let bytes = Array(text.utf8)
        guard let start = bytes.firstIndex(where: { !isBlank($0) }),
            let end = bytes.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return bytes[start...end]
    }

    /// The value of a word made of digits only; what does not fit 32 bits is cut off there.
    fileprivate static func wholeNumber(_ word: ArraySlice<UInt8>) -> Int64? {
        guard !word.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in word {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = min(value * 10 + Int64(byte - UInt8(ascii: "0")), Int64(Int32.max))
        }
        return value
    }

    /// The value of a word made of digits, a dot and digits, rounded up to a whole number.
    ///
    /// Who comes back a moment later is still welcome, and who comes too early is refused again.
    private static func roundedUp(_ word: ArraySlice<UInt8>) -> Int64? {
        let parts = word.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let whole = wholeNumber(parts[0]), let fraction = wholeNumber(parts[1]) else {
            return nil
        }
        return fraction == 0 ? whole : whole + 1
    }

    /// Whether the word is the given lower-case text, in letters of either case.
    fileprivate static func spells(_ word: ArraySlice<UInt8>, _ text: String) -> Bool {
        func lowered(_ byte: UInt8) -> UInt8 {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
        }
        return word.lazy.map(lowered).elementsEqual(text.utf8)
    }
}

/// A moment in UTC by the Gregorian calendar, a leap second included.
private struct CivilTime {
    var year: Int64
    let month: Int64
    let day: Int64
    /// 86,400 is the leap second, which counts as the first second of the next day, as in every Unix clock.
    let millisecondOfDay: Int64

    /// Reads the words of a date; nil when one is no number, no month or out of its range.
    init?(
        year: Int64?, month monthName: ArraySlice<UInt8>, day dayDigits: ArraySlice<UInt8>, clock: ArraySlice<UInt8>
    ) {
        let parts = clock.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let year, let day = RetryAfter.wholeNumber(dayDigits), dayDigits.count <= 2,
            let month = Self.monthNames.firstIndex(where: { RetryAfter.spells(monthName, $0) }),
            parts.count == 3, parts.allSatisfy({ $0.count == 2 }),
            let hour = RetryAfter.wholeNumber(parts[0]), hour < 24,
            let minute = RetryAfter.wholeNumber(parts[1]), minute < 60,
            let second = RetryAfter.wholeNumber(parts[2]),
            // A leap second is only ever the last one of a day.
            second < 60 || (hour == 23 && minute == 59 && second == 60)
        else { return nil }
        self.year = year
        self.month = Int64(month) + 1
        self.day = day
        millisecondOfDay = ((hour * 60 + minute) * 60 + second) * 1000
    }

    /// The calendar's reading of a moment; the inverse of ``milliseconds``.
    ///
    /// The arithmetic is Howard Hinnant's `civil_from_days` ("chrono-Compatible Low-Level Date Algorithms"): years
    /// begin in March, so that the leap day is the last, and repeat every 400.
    init(milliseconds: Int64) {
        let days = Self.floorDivide(milliseconds, by: Self.millisecondsPerDay) + Self.daysBefore1970
        let era = Self.floorDivide(days, by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        millisecondOfDay = Self.floorRemainder(milliseconds, by: Self.millisecondsPerDay)
    }

    /// Milliseconds since 1970, or nil when the month has no such day. For years of four digits or fewer.
    var milliseconds: Int64? {
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (0...9999).contains(year), (1...lengths[Int(month - 1)]).contains(day) else { return nil }
        let yearFromMarch = month <= 2 ? year - 1 : year
        let era = Self.floorDivide(yearFromMarch, by: 400)
        let yearOfEra = yearFromMarch - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - Self.daysBefore1970) * Self.millisecondsPerDay + millisecondOfDay
    }

    /// The same moment of the latest year that ends in the same two digits and is not more than 50 years after
    /// `reference`: the rule of RFC 9110, section 5.6.7, for two-digit years.
    func inCentury(near reference: CivilTime) -> CivilTime {
        var result = self
        let latest = reference.year + 50
        result.year = latest - Self.floorRemainder(latest - year, by: 100)
        let withinYear = (month, day, millisecondOfDay)
        let limit = (reference.month, reference.day, reference.millisecondOfDay)
        if result.year == latest, withinYear > limit {
            result.year -= 100
        }
        return result
    }

    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let millisecondsPerDay: Int64 = 24 * 60 * 60 * 1000
    /// Days from 1 March of the year 0 to 1 January 1970.
    private static let daysBefore1970: Int64 = 719_468

    private static func floorDivide(_ number: Int64, by divisor: Int64) -> Int64 {
        number / divisor - (number % divisor < 0 ? 1 : 0)
    }

    private static func floorRemainder(_ number: Int64, by divisor: Int64) -> Int64 {
        let remainder = number % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
