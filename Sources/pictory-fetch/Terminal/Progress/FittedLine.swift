/// A piece of a line, and how soon it gives way when the line is too long.
struct Field {
    let text: String
    /// 0 stays longest.
    let rank: Int

    init(_ text: String, _ rank: Int) {
        self.text = text
        self.rank = rank
    }
}

/// Fields side by side, as many as there is room for; what alone is too long is cut.
struct FittedLine {
    let text: String

    init(_ fields: [Field?], columns: Int) {
        var fields = fields.compactMap(\.self)
        while fields.count > 1, Self.joined(fields).count > columns {
            let highest = fields.map(\.rank).max()
            guard let next = fields.lastIndex(where: { $0.rank == highest }) else { break }
            fields.remove(at: next)
        }
        text = String(Self.joined(fields).prefix(max(columns, 0)))
    }

    private static func joined(_ fields: [Field]) -> String {
        fields.map(\.text).joined(separator: "  ")
    }
}
