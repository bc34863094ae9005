import Testing

import Records

@Suite struct QuantityTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
    ])
    func digitsStandInGroupsOfThree(value: Int, text: String) {
        #expect(Quantity.count(value) == text)
    }

    @Test func oneIsSingular() {
        #expect(Quantity.counted(1, "poll") == "1 poll")
        #expect(Quantity.counted(0, "poll") == "0 polls")
        #expect(Quantity.counted(2000, "poll") == "2,000 polls")
    }

    @Test(arguments: [
        (145.0, "145"), (2.5, "2.5"), (2.04, "2"), (2.06, "2.1"), (1234.56, "1,234.6"), (-0.5, "-0.5"), (0, "0"),
    ]) func numbersHaveOneDecimalAtMost(value: Double, text: String) {
        #expect(Quantity.number(value) == text)
    }

    @Test(arguments: [
        (Int64(0), "0 B"), (999, "999 B"), (1000, "1 kB"), (13_400_000, "13.4 MB"), (999_949, "999.9 kB"),
        (999_950, "1 MB"), (5_000_000_000_000_000, "5,000 TB"),
    ]) func bytesHaveAnSIUnit(count: Int64, text: String) {
        #expect(Quantity.bytes(count) == text)
    }

    @Test(arguments: [
        (Duration.zero, "0 s"), (.microseconds(10), "1 ms"), (.milliseconds(20), "20 ms"),
        (.milliseconds(400), "0.4 s"), (.milliseconds(12_300), "12.3 s"), (.milliseconds(59_940), "59.9 s"),
        (.milliseconds(59_960), "1 min 00 s"), (.seconds(125), "2 min 05 s"), (.seconds(3780), "1 h 03 min"),
        (.seconds(1_000_000), "277 h 46 min"),
    ]) func timesAreExactWhereTheyAreShort(time: Duration, text: String) {
        #expect(Quantity.time(time) == text)
    }

    @Test(arguments: [
        (Duration.milliseconds(200), "5 s"), (.seconds(11), "15 s"), (.seconds(58), "1 min"),
        (.seconds(61), "1 min 10 s"), (.seconds(121), "2 min 10 s"), (.seconds(600), "10 min"),
        (.seconds(601), "11 min"), (.seconds(3599), "1 h 00 min"), (.seconds(3721), "1 h 03 min"),
    ]) func guessesAreRoundedUp(time: Duration, text: String) {
        #expect(Quantity.roughTime(time) == text)
    }
}
