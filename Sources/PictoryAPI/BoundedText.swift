/// Foreign text cut to a length.
///
/// Lengths are counted in Unicode scalars: one visible character may consist of any number of them, so a limit on
/// visible characters would be none.
enum BoundedText {
    /// The text itself, or its beginning and an ellipsis within the limit.
    static func beginning(of text: String, limit: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.index(scalars.startIndex, offsetBy: limit + 1, limitedBy: scalars.endIndex) != nil else {
            return text
        }
        return String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
    }

    /// Whether a part of the text was no text, so that U+FFFD stands for it.
    static func isDamaged(_ text: String) -> Bool {
        text.unicodeScalars.contains("\u{FFFD}")
    }

    /// The same with `?` for every scalar that could move a terminal's cursor, break the line or turn its direction.
    static func printable(_ text: String, limit: Int) -> String {
        let scalars = beginning(of: text, limit: limit).unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "?"
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
