import FetchCore
import Records

/// Moments as a person reads them, all in UTC.
enum MomentText {
    /// `2026-11-30`
    static func day(_ moment: Timestamp) -> String { String(moment.rfc3339.prefix(10)) }

    /// `11-30`
    static func shortDay(_ moment: Timestamp) -> String { String(day(moment).suffix(5)) }

    /// `02:30`, with seconds where the steps are shorter than a minute, or the day where they are of days.
    static func mark(_ moment: Timestamp, step: Int) -> String {
        if step >= NiceTimes.day { return step >= 365 * NiceTimes.day ? day(moment) : shortDay(moment) }
        let time = moment.rfc3339.dropFirst(11)
        return String(step < 60_000 ? time.prefix(8) : time.prefix(5))
    }

    /// `2026-11-30 02:30`
    static func minute(_ moment: Timestamp) -> String { "\(day(moment)) \(moment.rfc3339.dropFirst(11).prefix(5))" }

    /// `2026-11-30 02:30:15`
    static func second(_ moment: Timestamp) -> String { "\(day(moment)) \(moment.rfc3339.dropFirst(11).prefix(8))" }

    /// From a moment to another: `2026-11-30 22:10 to 2026-12-01 00:20 UTC`; a day or a minute that is the same stands once.
    static func span(_ span: ClosedRange<Timestamp>) -> String {
        let (start, end) = (minute(span.lowerBound), minute(span.upperBound))
        guard start != end else { return "\(start) UTC" }
        let last = day(span.lowerBound) == day(span.upperBound) ? String(end.suffix(5)) : end
        return "\(start) to \(last) UTC"
    }
}
