public import FetchCore
import Glibc

extension Timestamp {
    /// The moment in UTC with milliseconds, such as `2026-03-01T09:30:00.250Z`.
    ///
    /// Years outside 0…9999 have no such form and are written as the nearest moment that has one.
    public var rfc3339: String {
        let moment = min(max(milliseconds, Self.earliest), Self.latest)
        let (seconds, fraction) = moment.quotientAndRemainderRoundedDown(by: 1000)
        var time = time_t(seconds)
        var fields = tm()
        let result = gmtime_r(&time, &fields)
        precondition(result != nil, "a year of four digits can be told")

        let length = 24
        return String(unsafeUninitializedCapacity: length) { text in
            text.initialize(repeating: 0)
            func write(_ number: Int, digits: Int, endingAt end: Int) {
                var rest = number
                for position in stride(from: end - 1, through: end - digits, by: -1) {
                    text[position] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
            }
            write(Int(fields.tm_year) + 1900, digits: 4, endingAt: 4)
            write(Int(fields.tm_mon) + 1, digits: 2, endingAt: 7)
            write(Int(fields.tm_mday), digits: 2, endingAt: 10)
            write(Int(fields.tm_hour), digits: 2, endingAt: 13)
            write(Int(fields.tm_min), digits: 2, endingAt: 16)
            write(Int(fields.tm_sec), digits: 2, endingAt: 19)
            write(Int(fraction), digits: 3, endingAt: 23)
            for (position, mark) in Self.marks { text[position] = mark }
            return length
        }
    }

    /// Reads exactly the form that ``rfc3339`` writes; nil for any other, and for dates that no calendar has.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 24 else { return nil }
        func number(_ range: Range<Int>) -> Int {
            bytes[range].reduce(0) { $0 * 10 + Int($1) - Int(UInt8(ascii: "0")) }
        }
        var fields = tm()
        fields.tm_year = CInt(truncatingIfNeeded: number(0..<4) - 1900)
        fields.tm_mon = CInt(truncatingIfNeeded: number(5..<7) - 1)
        fields.tm_mday = CInt(truncatingIfNeeded: number(8..<10))
        fields.tm_hour = CInt(truncatingIfNeeded: number(11..<13))
        fields.tm_min = CInt(truncatingIfNeeded: number(14..<16))
        fields.tm_sec = CInt(truncatingIfNeeded: number(17..<19))
        self.init(milliseconds: Int64(timegm(&fields)) * 1000 + Int64(number(20..<23)))
        // `timegm` turns the 31st of June into the 1st of July and never complains; writing the moment again shows
        // that, and every byte that is not what it should be.
        guard rfc3339.utf8.elementsEqual(bytes) else { return nil }
    }

    /// 0000-01-01T00:00:00.000Z
    private static let earliest: Int64 = -62_167_219_200_000
    /// 9999-12-31T23:59:59.999Z
    private static let latest: Int64 = 253_402_300_799_999

    private static let marks: [(Int, UInt8)] = [
        (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")), (13, UInt8(ascii: ":")),
        (16, UInt8(ascii: ":")), (19, UInt8(ascii: ".")), (23, UInt8(ascii: "Z")),
    ]
}

extension Int64 {
    /// The quotient rounded towards minus infinity, so that the remainder is never negative.
    fileprivate func quotientAndRemainderRoundedDown(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
