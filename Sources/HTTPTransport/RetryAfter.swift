public import FetchCore

/// How long a server asks its clients to wait, read from its `Retry-After` header.
///
/// The field is a number of seconds or a date (RFC 9110, section 10.2.3). The wait until a date is counted from the
/// `Date` header of the same reply, if there is one: both dates come from the same clock, so ours may be wrong. Some
/// servers send fractions of a second, which the RFC does not allow: `8.997` is read as nine.
public enum RetryAfter {
    /// The longest wait that is accepted.
    ///
    /// A quota may be renewed with the next month. A server that asks for more is broken, or hostile. The limit also
    /// keeps later additions to the wait from overflowing.
    public static let longest = Duration.seconds(31 * 24 * 60 * 60)

    /// The wait that `header` asks for, or nil when it is neither a number of seconds nor a date.
    ///
    /// - Parameters:
    ///   - header: the value of `Retry-After`; any text at all.
    ///   - date: the value of the `Date` header of the same reply, if it had one.
    ///   - now: the time by our own clock, used only if `date` is missing or is no date.
    /// - Returns: from zero (also for a date that has passed) to ``longest``.
    public static func parse(_ header: String, date: String?, now: Timestamp) -> Duration? {
        let value = Array(header.utf8).withoutBlanksAround()
        guard !value.isEmpty else { return nil }
        if let seconds = wholeNumber(value) ?? roundedUp(value) {
            return min(.seconds(seconds), longest)
        }
        let reference = date.flatMap { moment(ofDate: Array($0.utf8).withoutBlanksAround(), near: now) } ?? now
        guard let moment = moment(ofDate: value, near: reference) else { return nil }
        guard moment > reference else { return .zero }
        let (wait, overflow) = moment.milliseconds.subtractingReportingOverflow(reference.milliseconds)
        return overflow ? longest : min(.milliseconds(wait), longest)
    }

    /// The moment of an HTTP-date in any of its three forms (RFC 9110, section 5.6.7).
    ///
    /// Case is ignored, and the name of the day need not match the date: the RFC asks a reader to be robust, and the
    /// date is clear without the name. The century of a two-digit year is found by `reference`.
    private static func moment(ofDate value: ArraySlice<UInt8>, near reference: Timestamp) -> Timestamp? {
        let words = value.split(separator: UInt8(ascii: " "), maxSplits: 6)
        guard let first = words.first else { return nil }
        switch words.count {
        case 6:  // Sun, 06 Nov 1994 08:49:37 GMT
            guard isDayName(first, in: shortDayNames, ending: ","), isGMT(words[5]) else { return nil }
            guard words[1].count == 2 else { return nil }
            return time(year: year(words[3]), month: words[2], day: words[1], clock: words[4])?.timestamp
        case 4:  // Sunday, 06-Nov-94 08:49:37 GMT
            let parts = words[1].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            guard isDayName(first, in: longDayNames, ending: ","), isGMT(words[3]) else { return nil }
            guard parts.count == 3, parts[0].count == 2, parts[2].count == 2 else { return nil }
            // Alone, two digits are a year of the first century. The century that is meant is found next.
            return time(year: wholeNumber(parts[2]), month: parts[1], day: parts[0], clock: words[2])?
                .inCentury(near: CivilTime(reference)).timestamp
        case 5:  // Sun Nov  6 08:49:37 1994
            guard isDayName(first, in: shortDayNames, ending: "") else { return nil }
            return time(year: year(words[4]), month: words[1], day: words[2], clock: words[3])?.timestamp
        default:
            return nil
        }
    }

    /// The words of a date as numbers; nil if one is no number or no month. Does not check that there is such a date.
    private static func time(
        year: Int?, month monthName: ArraySlice<UInt8>, day dayDigits: ArraySlice<UInt8>, clock: ArraySlice<UInt8>
    ) -> CivilTime? {
        let parts = clock.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let year, let day = wholeNumber(dayDigits), dayDigits.count <= 2,
            let month = monthNames.firstIndex(where: monthName.spells),
            parts.count == 3, parts.allSatisfy({ $0.count == 2 }), let hour = wholeNumber(parts[0]),
            let minute = wholeNumber(parts[1]), let second = wholeNumber(parts[2])
        else { return nil }
        return CivilTime(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }

    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let shortDayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let longDayNames = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    private static func isDayName(_ word: ArraySlice<UInt8>, in names: [String], ending: String) -> Bool {
        names.contains { word.spells($0 + ending) }
    }

    private static func isGMT(_ word: ArraySlice<UInt8>) -> Bool {
        word.spells("gmt")
    }

    private static func year(_ word: ArraySlice<UInt8>) -> Int? {
        word.count == 4 ? wholeNumber(word) : nil
    }

    /// The value of a word of digits; nil for any other word. A value above the largest of 32 bits becomes that one.
    private static func wholeNumber(_ word: ArraySlice<UInt8>) -> Int? {
        guard !word.isEmpty else { return nil }
        var value = 0
        for byte in word {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), Int(Int32.max))
        }
        return value
    }

    /// The value of a word made of digits, a dot and digits, rounded up to a whole number.
    ///
    /// A client that comes a moment too late is served; one that comes too early is refused again.
    private static func roundedUp(_ word: ArraySlice<UInt8>) -> Int? {
        let parts = word.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let whole = wholeNumber(parts[0]), let fraction = wholeNumber(parts[1]) else {
            return nil
        }
        return fraction == 0 ? whole : whole + 1
    }
}

extension CivilTime {
    /// The same time of the latest year that ends in the same two digits and is not more than 50 years after
    /// `reference`: the rule of RFC 9110, section 5.6.7, for two-digit years.
    fileprivate func inCentury(near reference: CivilTime) -> CivilTime {
        let latest = reference.year + 50
        var result = self
        // A clock may be set to any year, also to one before the year 1.
        result.year = latest - ((latest - year) % 100 + 100) % 100
        if result.year == latest, isLaterInTheYear(than: reference) {
            result.year -= 100
        }
        return result
    }

    private func isLaterInTheYear(than other: CivilTime) -> Bool {
        (month, day, hour, minute, second, millisecond)
            > (other.month, other.day, other.hour, other.minute, other.second, other.millisecond)
    }
}
