/// The lines at the bottom of a terminal that are drawn over again and again: what to write to show and remove them.
///
/// The cursor rests on the area's first character. There the terminal keeps it also when the window changes its width
/// and breaks the lines anew, so that no row has to be counted to draw over them. What is new is written over what is
/// old, and only what is left of that is erased: nothing flickers.
struct LiveArea {
    private var lines: [String] = []

    /// The terminal's size in characters.
    struct Size: Equatable {
        var columns: Int
        var rows: Int
    }

    private static let eraseRestOfLine = "\u{1B}[K"
    private static let eraseRestOfScreen = "\u{1B}[J"
    /// The terminal may be narrower already than it says: then a line is to be cut, not broken.
    private static let wrapOff = "\u{1B}[?7l"
    private static let wrapOn = "\u{1B}[?7h"
    private static let newLine = "\r\n"
    /// With the cursor where it rests, takes whatever is shown off the screen.
    static let removal: StaticString = "\r\u{1B}[J"
    private static func cursorUp(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }

    /// How many columns can be written to: with a character in the last one, terminals differ in what comes next.
    static func usableColumns(of size: Size) -> Int { max(1, size.columns - 1) }

    /// Shows these lines in place of the last ones.
    mutating func show(_ lines: [String], in size: Size) -> String {
        self.lines = lines
        return drawn(in: size)
    }

    /// Writes whole lines above the area.
    func above(_ text: String, in size: Size) -> String {
        guard !lines.isEmpty else { return text + "\n" }
        return "\(Self.removal)\(text)\n" + drawn(in: size)
    }

    /// Takes the area off the screen; empty when nothing is shown.
    mutating func clear() -> String {
        guard !lines.isEmpty else { return "" }
        lines = []
        return "\(Self.removal)"
    }

    /// No line wraps and none scrolls away, whatever the window has become since the lines were made.
    private func drawn(in size: Size) -> String {
        let shown = lines.prefix(max(1, size.rows - 1)).map { $0.prefix(Self.usableColumns(of: size)) }
        let text = shown.map { $0 + Self.eraseRestOfLine }.joined(separator: Self.newLine)
        let area = "\(text)\(Self.eraseRestOfScreen)\(Self.cursorUp(shown.count - 1))"
        return "\r\(Self.wrapOff)\(area)\r\(Self.wrapOn)"
    }
}
