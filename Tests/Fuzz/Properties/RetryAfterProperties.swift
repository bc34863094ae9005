import FetchCore
import Glibc
import HTTPTransport

/// A wait is never negative and never beyond the longest, is exact for numbers and dates, and believes no other text.
enum RetryAfterProperties {
    /// The input is the header, the `Date` beside it and our clock in milliseconds, each on a line.
    static func check(_ input: [UInt8]) throws(Violation) {
        let lines = input.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let header = lines[0]
        let date = lines.count > 1 && !lines[1].isEmpty ? lines[1] : nil
        let now = Timestamp(milliseconds: lines.count > 2 ? Int64(lines[2]) ?? 784_111_777_000 : 784_111_777_000)

        let wait = RetryAfter.parse(header, date: date, now: now)
        if let wait {
            try require(.zero...RetryAfter.longest ~= wait, "a wait of \(wait)")
        }
        let word = trimmed(header)
        // Bytes, since a character may be a digit with marks above it.
        if !word.isEmpty, word.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
            let significant = String(word.drop { $0 == "0" })
            let expected = significant.utf8.count > 9 ? RetryAfter.longest : .seconds(Int(significant) ?? 0)
            try require(wait == min(expected, RetryAfter.longest), "\(word) seconds became \(String(describing: wait))")
        } else if let (whole, isMore) = fraction(word) {
            let significant = String(whole.drop { $0 == "0" })
            let seconds = significant.utf8.count > 5 ? 100_000 : (Int(significant) ?? 0) + (isMore ? 1 : 0)
            try require(
                wait == min(.seconds(seconds), RetryAfter.longest),
                "\(word) seconds became \(String(describing: wait))")
        } else if let wait {
            try checkDate(word, date: date, now: now, wait)
        }
        try checkWrittenDates(around: now)
    }

    /// The digits before the dot, and whether those after it say more than zero; nil for anything else.
    private static func fraction(_ word: String) -> (whole: String, isMore: Bool)? {
        let parts = word.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { 0x30...0x39 ~= $0 } }) else {
            return nil
        }
        return (String(decoding: parts[0], as: UTF8.self), parts[1].contains { $0 != 0x30 })
    }

    /// Whoever is believed to be a date is one to the C library as well, and the same moment.
    private static func checkDate(_ word: String, date: String?, now: Timestamp, _ wait: Duration) throws(Violation) {
        let moment = try require(
            seconds(ofDate: word), "\(word.debugDescription) is no date and became a wait of \(wait)")
        // A date of two digits a year has its century from the clock, and a Date beside it may be one too.
        guard date == nil, !word.contains("-"), Self.years ~= now.milliseconds else { return }
        let expected = min(max(.milliseconds(moment * 1000 - now.milliseconds), .zero), RetryAfter.longest)
        try require(wait == expected, "\(word) became \(wait), not \(expected)")
    }

    /// A date that the C library writes is as far away as it should be, in all three forms.
    private static func checkWrittenDates(around now: Timestamp) throws(Violation) {
        guard Self.years ~= now.milliseconds else { return }
        let ours = now.milliseconds / 1000
        let distance = ours % 90_000
        let clock = Timestamp(milliseconds: ours * 1000)
        for form in ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"] {
            let header = written(ours + distance, form)
            for (date, now) in [(nil, clock), (written(ours, form), Timestamp(milliseconds: 0))] {
                // Two digits a year are near our own clock only.
                if date != nil, form.contains("%y") { continue }
                let wait = RetryAfter.parse(header, date: date, now: now)
                try require(
                    wait == min(.seconds(distance), RetryAfter.longest),
                    "\(header) is \(String(describing: wait)) away from \(ours), not \(distance) s")
            }
        }
    }

    /// From 1970 to 9999, less a few days: what the C library writes with four digits.
    private static let years: Range<Int64> = 0..<253_402_000_000_000

    private static func seconds(ofDate word: String) -> Int64? {
        let upper = String(decoding: word.utf8.map { 0x61...0x7A ~= $0 ? $0 - 0x20 : $0 }, as: UTF8.self)
        for form in ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"] {
            var fields = tm()
            let isRead = upper.withCString { strptime($0, form, &fields)?.pointee == 0 }
            guard isRead else { continue }
            let (day, isLeapSecond) = (fields.tm_mday, fields.tm_sec == 60)
            let moment = Int64(timegm(&fields))
            // It takes the 29th of February for the 1st of March in a year without one; a leap second is the next day.
            return fields.tm_mday == day || isLeapSecond ? moment : nil
        }
        return nil
    }

    private static func written(_ seconds: Int64, _ form: String) -> String {
        var (time, fields) = (time_t(seconds), tm())
        gmtime_r(&time, &fields)
        return String(unsafeUninitializedCapacity: 64) { text in
            text.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, $0.count, form, &fields) }
        }
    }

    private static func trimmed(_ text: String) -> String {
        let blanks = " \t".utf8
        let bytes = Array(text.utf8.drop(while: blanks.contains))
        return String(decoding: bytes.reversed().drop(while: blanks.contains).reversed(), as: UTF8.self)
    }
}

/// The C library's reader of dates, which its headers show only to those who ask for all of POSIX.
@_silgen_name("strptime")
private func strptime(
    _ text: UnsafePointer<CChar>, _ form: UnsafePointer<CChar>, _ fields: UnsafeMutablePointer<tm>
) -> UnsafePointer<CChar>?
