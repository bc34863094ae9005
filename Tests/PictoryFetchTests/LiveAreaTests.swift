import Testing

@testable import pictory_fetch

@Suite struct LiveAreaTests {
    private let size = LiveArea.Size(columns: 20, rows: 10)

    /// One line, drawn.
    private func drawn(_ text: String) -> String { "\r\u{1B}[?7l\(text)\u{1B}[K\u{1B}[J\r\u{1B}[?7h" }

    @Test func linesAreWrittenOverWhatStoodThereAndTheCursorComesBack() {
        var area = LiveArea()
        #expect(
            area.show(["one", "two"], in: size) == "\r\u{1B}[?7lone\u{1B}[K\r\ntwo\u{1B}[K\u{1B}[J\u{1B}[1A\r\u{1B}[?7h"
        )
        #expect(area.show(["one"], in: size) == drawn("one"))
    }

    @Test func lastColumnStaysFree() {
        var area = LiveArea()
        let long = String(repeating: "x", count: 50)
        #expect(area.show([long], in: size) == drawn(String(repeating: "x", count: 19)))
        #expect(area.show([long], in: LiveArea.Size(columns: 1, rows: 1)) == drawn("x"))
    }

    @Test func lowWindowShowsTheFirstLines() {
        var area = LiveArea()
        let two = area.show(["one", "two", "three"], in: LiveArea.Size(columns: 20, rows: 3))
        #expect(two.contains("two") && !two.contains("three"))
        #expect(area.show(["one", "two"], in: LiveArea.Size(columns: 20, rows: 1)) == drawn("one"))
    }

    @Test func logLineTakesThePlaceAndTheAreaFollows() {
        var area = LiveArea()
        #expect(area.above("log", in: size) == "log\n")
        _ = area.show(["one"], in: size)
        #expect(area.above("log", in: size) == "\r\u{1B}[Jlog\n" + drawn("one"))
        // The window has become narrower since the lines were made.
        #expect(area.above("log", in: LiveArea.Size(columns: 3, rows: 10)).hasSuffix("log\n" + drawn("on")))
    }

    @Test func clearingLeavesNothingAndIsDoneOnce() {
        var area = LiveArea()
        #expect(area.clear() == "")
        _ = area.show(["one"], in: size)
        #expect(area.clear() == "\r\u{1B}[J")
        #expect(area.clear() == "")
        #expect(area.above("log", in: size) == "log\n")
    }
}
