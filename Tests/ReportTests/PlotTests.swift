import FetchCore
import Records
import Testing

@testable import Report

@Suite struct NiceNumbersTests {
    @Test(arguments: [
        (10.0, 5, 2.0), (11, 5, 5), (0.3, 6, 0.05), (1, 1, 1), (99, 10, 10), (1e6, 4, 5e5), (7, 7, 1), (0, 5, 1),
        (.infinity, 5, 1),
    ])
    func stepIsTheLeastNiceOneThatIsWideEnough(length: Double, count: Int, step: Double) {
        #expect(abs(NiceNumbers.step(for: length, atMost: count) - step) < step * 1e-9)
    }

    @Test func stepsAreFewEnoughAndNeverMoreThanTwoAndAHalfTimesTooWide() {
        for power in -6...9 {
            for tenth in 1...99 {
                let length = Double(tenth) * Double(sign: .plus, exponent: power * 3, significand: 1)
                let step = NiceNumbers.step(for: length, atMost: 8)
                #expect(length / step <= 8 + 1e-6)
                #expect(length / step >= 8 / 2.5 - 1e-6)
            }
        }
    }

    @Test func ticksBeginAtNoneAndEndAtOrBeyondTheMost() {
        #expect(NiceNumbers.ticks(to: 7, atMost: 5, whole: true) == [0, 2, 4, 6, 8])
        #expect(NiceNumbers.ticks(to: 3, atMost: 5, whole: true) == [0, 1, 2, 3])
        #expect(NiceNumbers.ticks(to: 0, atMost: 5) == [0, 1])
        #expect(NiceNumbers.ticks(to: 1, atMost: 5, whole: true) == [0, 1])
    }

    @Test(arguments: [
        (0, 1000), (46_000, 1000), (47_000, 2000), (3_600_000, 2 * 60_000), (8 * 3_600_000, 30 * 60_000),
        (86_400_000 * 30, 86_400_000), (86_400_000 * 365 * 1000, 365 * 86_400_000 * 100),
    ])
    func timesAreCountedInStepsOfClocksAndCalendars(length: Int, step: Int) {
        #expect(NiceTimes.step(for: length, atMost: 48) == step)
    }
}

@Suite struct TimeBinsTests {
    @Test func binsBeginAtWholeStepsAndHoldEveryRecord() throws {
        let start = try #require(Timestamp(rfc3339: "2026-11-30T22:17:03.123Z"))
        let end = start + .seconds(4 * 3600)
        var bins = TimeBins(over: start...end)
        #expect(bins.width == 10 * 60_000)
        #expect(MomentText.minute(bins.moment(0)) == "2026-11-30 22:10")
        for second in stride(from: 0, through: 4 * 3600, by: 60) {
            bins.note(.downloaded, at: start + .seconds(second))
        }
        #expect(bins.counts.count <= TimeBins.most)
        #expect(bins.counts.reduce(0) { $0 + $1[.downloaded, default: 0] } == 241)
        #expect(bins.counts.last?.isEmpty == false)
    }

    @Test func momentsBefore1970AndFarApartAreDrawn() {
        let span = Timestamp(milliseconds: -62_167_219_200_000)...Timestamp(milliseconds: 253_402_300_799_999)
        var bins = TimeBins(over: span)
        bins.note(.failed, at: span.lowerBound)
        bins.note(.downloaded, at: span.upperBound)
        #expect(bins.counts.count <= TimeBins.most)
        #expect(bins.counts.first == [.failed: 1])
        #expect(bins.counts.last == [.downloaded: 1])
        #expect(StatusPlot(bins).plot.rows.count == 2)
    }

    @Test(arguments: [
        ("2026-11-30T22:10:00.000Z", "2026-12-01T00:20:59.000Z", "2026-11-30 22:10 to 2026-12-01 00:20 UTC"),
        ("2026-11-30T22:10:00.000Z", "2026-11-30T22:20:00.000Z", "2026-11-30 22:10 to 22:20 UTC"),
        ("2026-11-30T22:10:00.000Z", "2026-11-30T22:10:59.999Z", "2026-11-30 22:10 UTC"),
    ])
    func sameDayAndSameMinuteStandOnce(start: String, end: String, text: String) throws {
        #expect(MomentText.span(try #require(Timestamp(rfc3339: start))...#require(Timestamp(rfc3339: end))) == text)
    }

    @Test func oneMomentHasOneBin() {
        let moment = Timestamp(milliseconds: 1_772_357_400_250)
        var bins = TimeBins(over: moment...moment)
        bins.note(.downloaded, at: moment)
        #expect(bins.counts == [[.downloaded: 1]])
    }

    @Test func hoverTellsTheTimeAndEveryStatus() throws {
        let start = try #require(Timestamp(rfc3339: "2026-11-30T02:30:00.000Z"))
        var bins = TimeBins(over: start...(start + .seconds(3 * 3600)))
        for _ in 0..<41 { bins.note(.downloaded, at: start) }
        for _ in 0..<2 { bins.note(.failed, at: start + .seconds(1)) }
        let plot = StatusPlot(bins).plot
        let drawing = String(decoding: try #require(plot.drawing), as: UTF8.self)
        #expect(drawing.contains("<title>02:30–02:35: 41 downloaded, 2 failed</title>"), "\(drawing)")
        #expect(plot.columns == ["From (UTC)", "downloaded", "failed"])
        #expect(plot.legend == [.downloaded, .failed])
        #expect(plot.rows == [["2026-11-30 02:30", "41", "2"]])
    }
}

@Suite struct DrawingTests {
    @Test(arguments: [
        (0.0, "0"), (1.0, "1"), (1.5, "1.5"), (0.05, "0.05"), (-2.25, "-2.25"), (1.999, "2"), (12.344, "12.34"),
        (-0.001, "0"), (.infinity, "1000000000"),
    ])
    func numbersHaveAtMostTwoDecimals(value: Double, text: String) {
        #expect(SVGDrawing.number(value) == text)
    }

    @Test(arguments: [
        (0.1, ["0", "0.02", "0.04", "0.06", "0.08", "0.1"]),
        (5000.0, ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]), (15_000.0, ["0", "5k", "10k", "15k"]),
        (2_000_000.0, ["0", "0.5M", "1M", "1.5M", "2M"]), (2e9, ["0", "0.5G", "1G", "1.5G", "2G"]),
    ])
    func marksAreShortAndThoseOfAnAxisHaveOneForm(most: Double, texts: [String]) {
        #expect(Plot.countTicks(to: most, whole: false).map(\.text) == texts)
    }

    @Test func textInADrawingIsEscaped() {
        var drawing = SVGDrawing(label: "\"><script>")
        drawing.bar("value", from: 0, to: 1, top: 0, bottom: 1, title: "</title><script>")
        drawing.text("tick", "<b>", x: 0, y: 0, .start)
        let text = String(decoding: drawing.finished, as: UTF8.self)
        #expect(!text.contains("<script") && !text.contains("<b>"), "\(text)")
    }
}

@Suite struct HistoryPlotsTests {
    private func night(_ day: Int, credits: Double? = 1.5) -> PastSummary {
        let start = Timestamp(milliseconds: 1_764_547_200_000 + Int64(day) * 86_400_000)
        return PastSummary(
            startedAt: start, finishedAt: start + .seconds(3600 * day), images: 100 * day, failures: day,
            elapsed: .seconds(3600 * day), creditsUsed: credits)
    }

    @Test func eachMeasureHasAPlotOfAllNightsAndTheLastIsMarked() throws {
        let plots = HistoryPlots([night(1), night(2)], tonight: night(3, credits: nil)).plots
        #expect(plots.map(\.id) == ["history-images", "history-failures", "history-duration", "history-credits"])
        #expect(plots[0].rows == [["2025-12-02", "100"], ["2025-12-03", "200"], ["2025-12-04", "300"]])
        #expect(plots[2].rows.map { $0[1] } == ["1 h 00 min", "2 h 00 min", "3 h 00 min"])
        #expect(plots[3].rows.last == ["2025-12-04", "not known"])
        let images = String(decoding: try #require(plots[0].drawing), as: UTF8.self)
        #expect(images.split(separator: "class=\"bar value latest\"").count == 2)
        #expect(images.contains("<title>2025-12-03: 200</title>"))
        // What is said of all of them is said once.
        #expect(plots[0].caption.contains("this night") && plots.dropFirst().allSatisfy { $0.caption.isEmpty })
        let failures = String(decoding: try #require(plots[1].drawing), as: UTF8.self)
        #expect(failures.split(separator: "class=\"bar failed before\"").count == 3)
        #expect(failures.split(separator: "class=\"bar failed latest\"").count == 2)
    }

    @Test func twoNightsOfOneDayAreToldApart() throws {
        let first = night(1)
        let second = PastSummary(
            startedAt: first.startedAt + .seconds(7200), finishedAt: first.startedAt + .seconds(7201), images: 1,
            failures: 0, elapsed: .seconds(1), creditsUsed: 0)
        let plot = HistoryPlots([first], tonight: second).plots[0]
        #expect(plot.rows.map { $0[0] } == ["2025-12-02 00:00", "2025-12-02 02:00"])
        let drawing = String(decoding: try #require(plot.drawing), as: UTF8.self)
        #expect(drawing.contains(">12-02 00:00</text>") && drawing.contains(">12-02 02:00</text>"), "\(drawing)")
        let other = HistoryPlots([first, night(2)], tonight: second).plots[0]
        #expect(other.rows.map { $0[0] } == ["2025-12-02 00:00", "2025-12-03", "2025-12-02 02:00"])
    }
}
