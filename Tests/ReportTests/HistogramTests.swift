import FetchCore
import Records
import Testing

@testable import Report

@Suite struct HistogramTests {
    @Test func everyValueIsCountedOnce() throws {
        let values = (0..<1000).map { Float(($0 * 7919) % 1000) / 10 }
        let histogram = try #require(Histogram(sorted: values.sorted()))
        #expect(histogram.counts.reduce(histogram.beyond, +) == values.count)
        #expect(histogram.beyond == 0)
        #expect(abs(histogram.median - 49.9) < 0.01)
        #expect(abs(histogram.percentile95 - 94.9) < 0.01)
        #expect(histogram.counts.count <= 24)
    }

    @Test func valuesFarOutAreCountedTogether() throws {
        let histogram = try #require(
            Histogram(sorted: ((0..<995).map { Float($0 % 10) } + [900, 900, 900, 900, 900]).sorted()))
        #expect(histogram.beyond == 5)
        #expect(histogram.end < 20)
        #expect(histogram.largest == 900)
    }

    @Test func wholeNumbersHaveBinsOfWholeNumbers() throws {
        let few = try #require(Histogram(sorted: [1, 1, 2, 5], whole: true))
        #expect(few.counts == [2, 1, 0, 0, 1])
        #expect((few.start, few.step) == (1, 1))
        let many = try #require(Histogram(sorted: (1...100).map(Float.init), whole: true))
        #expect(many.step == 5)
        #expect(many.counts.allSatisfy { $0 == 5 })
        #expect(many.beyond == 0)
    }

    @Test func oneValueAndNoValue() throws {
        #expect(Histogram(sorted: [])?.counts == nil)
        let one = try #require(Histogram(sorted: [3]))
        #expect(one.counts.reduce(0, +) == 1)
        #expect((one.median, one.percentile95) == (3, 3))
        let zero = try #require(Histogram(sorted: [0, 0]))
        #expect(zero.counts == [2])
    }
}

/// What is written above the bars of a histogram.
@Suite struct HistogramMarksTests {
    private func drawing(of values: [Float], unit: TimeUnit? = nil) throws -> String {
        let histogram = try #require(
            Histogram(sorted: values.sorted(), unit: unit.map { $0.length / .milliseconds(1) } ?? 1))
        var plot = HistogramPlot(
            id: "a", title: "Time", label: "Time", unit: unit?.name ?? "s", counted: "job", caption: "All.")
        if let unit { plot.spelled = { Quantity.time(unit.length * $0) } }
        return String(decoding: try #require(plot.plot(histogram).drawing), as: UTF8.self)
    }

    /// The number behind each place where an attribute begins an element of this class.
    private func numbers(_ attribute: String, ofClass name: String, in drawing: String) throws -> [Double] {
        try drawing.matches(
            of: Regex("class=\"\(name)[^>]* \(attribute)=\"([0-9.]+)\"", as: (Substring, Substring).self)
        )
        .map { try #require(Double($0.output.1)) }
    }

    @Test(arguments: [
        [3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Array(repeating: 1, count: 99) + [10], [1, 9, 9, 9, 9, 9],
    ])
    func textLiesOverNoBar(values: [Float]) throws {
        let drawing = try drawing(of: values)
        let texts = try numbers("y", ofClass: "(?:median|p95) label", in: drawing)
        let bars = try numbers("y", ofClass: "bar value", in: drawing)
        #expect(!texts.isEmpty && texts.max() ?? 0 < bars.min() ?? 0, "\(drawing)")
        #expect(Set(texts).count == texts.count)
    }

    @Test func whatIsTheSameIsWrittenOnce() throws {
        let one = try drawing(of: [3])
        #expect(one.contains(">median and 95th percentile 3 s<"))
        #expect(try numbers("y", ofClass: "(?:median|p95) label", in: one).count == 1)
        let two = try drawing(of: [1, 2, 3])
        #expect(two.contains(">median 2 s<") && two.contains(">95th percentile 3 s<"))
    }

    /// One job that took hours leaves the others their seconds.
    @Test func timesAreSpelledAsElsewhereOnThePage() throws {
        let values = (0..<999).map { Float(20_000 + $0 * 50) } + [7_200_000]
        let unit = TimeUnit(fitting: .milliseconds(Histogram.top(of: values)))
        #expect(unit.name == "s")
        let drawing = try drawing(of: values, unit: unit)
        #expect(drawing.contains(">median 45 s<") && drawing.contains(">95th percentile 1 min 07 s<"), "\(drawing)")
    }

    @Test func histogramIsToldAsATableToo() throws {
        let histogram = try #require(Histogram(sorted: [1, 2, 2, 3].map { $0 * 10 }))
        let plot = HistogramPlot(
            id: "api-time", title: "Time", label: "Time", unit: "s", counted: "job", caption: "All."
        ).plot(histogram)
        #expect(plot.columns == ["Time (s)", "Jobs"])
        #expect(plot.rows.suffix(3) == [["Median", "20 s"], ["95th percentile", "30 s"], ["Largest", "30 s"]])
        let drawing = String(decoding: try #require(plot.drawing), as: UTF8.self)
        #expect(drawing.contains("class=\"median\"") && drawing.contains("class=\"p95\""))
        #expect(drawing.contains(": 2 jobs</title>") && drawing.contains(": 1 job</title>"), "\(drawing)")
    }
}
