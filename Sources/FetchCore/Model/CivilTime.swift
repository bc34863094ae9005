/// A date and a time of day in UTC, by the Gregorian calendar.
///
/// The arithmetic is that of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March, so that
/// the leap day is the last of its year, and the calendar repeats every 400 years.
public struct CivilTime: Sendable, Equatable {
    public var year: Int
    /// 1…12
    public var month: Int
    /// 1…31
    public var day: Int
    public var hour: Int
    public var minute: Int
    /// 60 in a leap second.
    public var second: Int
    public var millisecond: Int

    public init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, millisecond: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.millisecond = millisecond
    }

    /// The calendar's reading of a moment.
    public init(_ moment: Timestamp) {
        let (days, time) = Int(moment.milliseconds).floorDivided(by: Self.millisecondsPerDay)
        let (era, dayOfEra) = (days + Self.daysBefore1970).floorDivided(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        hour = time / 3_600_000
        minute = time / 60_000 % 60
        second = time / 1000 % 60
        millisecond = time % 1000
    }

    /// The moment; nil when no calendar has such a date, no day such a time, or the year is outside 0…9999.
    ///
    /// A leap second counts as the first second of the next day, as in every Unix clock.
    public var timestamp: Timestamp? {
        guard (0...9999).contains(year), (1...12).contains(month), (1...daysInMonth).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...999).contains(millisecond),
            // A leap second is only ever the last one of a day.
            (0...59).contains(second) || (hour, minute, second) == (23, 59, 60)
        else { return nil }
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).floorDivided(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - Self.daysBefore1970
        let time = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
        return Timestamp(milliseconds: Int64(days * Self.millisecondsPerDay + time))
    }

    private var daysInMonth: Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static let millisecondsPerDay = 24 * 60 * 60 * 1000
    /// Days from 1 March of the year 0 to 1 January 1970.
    private static let daysBefore1970 = 719_468
}

extension Int {
    /// The quotient rounded towards minus infinity, and the remainder, which is never negative.
    fileprivate func floorDivided(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
