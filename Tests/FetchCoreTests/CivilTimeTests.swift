import FetchCore
import Testing

/// The calendar behind every date that is read or written.
@Suite struct CivilTimeTests {
    @Test(
        arguments: [
            (0, CivilTime(year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0)),
            (-1, CivilTime(year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59, millisecond: 999)),
            (951_782_400_000, CivilTime(year: 2000, month: 2, day: 29, hour: 0, minute: 0, second: 0)),
            (4_107_542_400_000, CivilTime(year: 2100, month: 3, day: 1, hour: 0, minute: 0, second: 0)),
            (-62_167_219_200_000, CivilTime(year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0)),
        ] as [(Int64, CivilTime)])
    func aMomentAndItsDateAreOne(milliseconds: Int64, time: CivilTime) {
        #expect(CivilTime(Timestamp(milliseconds: milliseconds)) == time)
        #expect(time.timestamp == Timestamp(milliseconds: milliseconds))
    }

    @Test func everyDayOfFourCenturiesComesBack() {
        let day: Int64 = 86_400_000
        for number in -1000...146_097 {
            let moment = Timestamp(milliseconds: Int64(number) * day + Int64(number & 1023))
            #expect(CivilTime(moment).timestamp == moment)
        }
    }

    @Test(arguments: [
        (2023, 2, 29, 0, 0, 0), (1900, 2, 29, 0, 0, 0), (2024, 4, 31, 0, 0, 0), (2024, 13, 1, 0, 0, 0),
        (2024, 0, 1, 0, 0, 0), (2024, 1, 0, 0, 0, 0), (2024, 1, 1, 24, 0, 0), (2024, 1, 1, 0, 60, 0),
        (2024, 1, 1, 0, 0, 60), (2024, 1, 1, 0, 0, -1), (-1, 1, 1, 0, 0, 0), (10_000, 1, 1, 0, 0, 0),
    ])
    func whatNoCalendarHasIsNoMoment(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        let time = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        #expect(time.timestamp == nil)
    }

    @Test func aLeapSecondIsTheFirstSecondOfTheNextDay() {
        let leap = CivilTime(year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 60)
        let next = CivilTime(year: 2017, month: 1, day: 1, hour: 0, minute: 0, second: 0)
        #expect(leap.timestamp == next.timestamp)
    }
}
