public import FetchCore

extension Timestamp {
    /// The moment in UTC with milliseconds, such as `2026-03-01T09:30:00.250Z`.
    ///
    /// Years outside 0…9999 have no such form and are written as the nearest moment that has one.
    public var rfc3339: String {
        let time = CivilTime(min(max(self, Self.earliest), Self.latest))
        return String(unsafeUninitializedCapacity: Self.length) { text in
            text.initialize(repeating: 0)
            func write(_ number: Int, digits: Int, endingAt end: Int) {
                var rest = number
                for position in stride(from: end - 1, through: end - digits, by: -1) {
                    text[position] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
            }
            write(time.year, digits: 4, endingAt: 4)
            write(time.month, digits: 2, endingAt: 7)
            write(time.day, digits: 2, endingAt: 10)
            write(time.hour, digits: 2, endingAt: 13)
            write(time.minute, digits: 2, endingAt: 16)
            write(time.second, digits: 2, endingAt: 19)
            write(time.millisecond, digits: 3, endingAt: 23)
            for (position, mark) in Self.marks { text[position] = mark }
            return Self.length
        }
    }

    /// Reads exactly the form that ``rfc3339`` writes; nil for any other, and for dates that no calendar has.
    public init?(rfc3339 text: String) {
        let bytes = text.utf8Span.span
        guard bytes.count == Self.length, Self.marks.allSatisfy({ bytes[$0.0] == $0.1 }) else { return nil }
        /// -1 for what is no number.
        func number(_ range: Range<Int>) -> Int {
            var value = 0
            for position in range {
                let digit = Int(bytes[position]) - Int(UInt8(ascii: "0"))
                guard 0...9 ~= digit else { return -1 }
                value = value * 10 + digit
            }
            return value
        }
        let time = CivilTime(
            year: number(0..<4), month: number(5..<7), day: number(8..<10), hour: number(11..<13),
            minute: number(14..<16), second: number(17..<19), millisecond: number(20..<23))
        // No clock that is read here knows leap seconds, so none was ever written.
        guard time.second < 60, let moment = time.timestamp else { return nil }
        self = moment
    }

    private static let length = 24

    /// 0000-01-01T00:00:00.000Z
    private static let earliest = Timestamp(milliseconds: -62_167_219_200_000)
    /// 9999-12-31T23:59:59.999Z
    private static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    private static let marks: [(Int, UInt8)] = [
        (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")), (13, UInt8(ascii: ":")),
        (16, UInt8(ascii: ":")), (19, UInt8(ascii: ".")), (23, UInt8(ascii: "Z")),
    ]
}
