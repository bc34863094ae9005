/// What a terminal shows of the text that it is sent: as much of ECMA-48 as the program may use, and no more.
struct Screen {
    /// All lines from the first, scrolled away or not, without the blanks at their ends.
    var lines: [String] { rows.map { String($0).trimmingEnd() } }
    /// The lines that are not empty.
    var text: [String] { lines.filter { !$0.isEmpty } }
    /// Rows that a text was continued on because it was too wide.
    private(set) var wraps = 0
    /// Escape sequences that the program should not use.
    private(set) var unknown: [String] = []

    /// A line that is too wide is continued on the next row, as every program expects.
    private(set) var isWrapping = true

    private var rows: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    private var columns: Int
    private var height: Int

    init(columns: Int, rows height: Int) {
        self.columns = columns
        self.height = height
    }

    /// Breaks lines that have become too wide anew, as most terminals do; the cursor stays on its character.
    mutating func resize(columns: Int, rows height: Int) {
        var broken: [[Character]] = []
        for (index, line) in rows.enumerated() {
            if index == row {
                row = broken.count + column / columns
                column %= columns
            }
            var rest = line[...]
            repeat {
                broken.append(Array(rest.prefix(columns)))
                rest = rest.dropFirst(columns)
            } while !rest.isEmpty
        }
        rows = broken
        self.columns = columns
        self.height = height
    }

    mutating func write(_ text: String) {
        var rest = Array(text.unicodeScalars)[...]
        while let character = rest.popFirst() {
            switch character {
            case "\r": column = 0
            case "\n": moveDown()
            case "\u{1B}": escape(&rest)
            default: put(Character(character))
            }
        }
    }

    private mutating func put(_ character: Character) {
        if column == columns, !isWrapping {
            column -= 1
        } else if column == columns {
            wraps += 1
            column = 0
            moveDown()
        }
        while rows[row].count <= column { rows[row].append(" ") }
        rows[row][column] = character
        column += 1
    }

    private mutating func moveDown() {
        row += 1
        if row == rows.count { rows.append([]) }
    }

    private mutating func escape(_ rest: inout ArraySlice<Unicode.Scalar>) {
        var sequence = ""
        while let character = rest.popFirst() {
            sequence.unicodeScalars.append(character)
            if sequence.count > 1, ("@"..."~").contains(character) { break }
        }
        switch (sequence.first, sequence.last) {
        case _ where sequence == "[?7l": isWrapping = false
        case _ where sequence == "[?7h": isWrapping = true
        case ("[", "K") where sequence.count == 2:
            rows[row] = Array(rows[row].prefix(column))
        case ("[", "J") where sequence.count == 2:
            rows[row] = Array(rows[row].prefix(column))
            rows.removeLast(rows.count - row - 1)
        case ("[", "A"):
            // What has scrolled out of the window cannot be reached any more.
            row = max(row - (Int(sequence.dropFirst().dropLast()) ?? 1), rows.count - height, 0)
        default:
            unknown.append(sequence)
        }
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
