/// Text from outside, such as a server's reply or a manifest line, made fit for a message to a person.
///
/// Lengths are counted in Unicode scalars: one visible character may consist of any number of them, so a limit on
/// visible characters would be none.
public enum ForeignText {
    /// The text itself, or its beginning and an ellipsis, together as long as the limit.
    public static func beginning(of text: String, limit: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.index(scalars.startIndex, offsetBy: limit + 1, limitedBy: scalars.endIndex) != nil else {
            return text
        }
        return String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
    }

    /// The beginning of the text with an escape such as `\u{1b}` for every scalar that could move a terminal's cursor,
    /// break the line, turn its direction or not be seen at all; a quote and a backslash have a backslash before them.
    ///
    /// The limit is that of ``beginning(of:limit:)``; an escape has up to ten characters and counts as one.
    public static func printable(_ text: String, limit: Int) -> String {
        beginning(of: text, limit: limit).unicodeScalars.reduce(into: "") { $0 += escaped($1) }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": "\\\(scalar)"
        default: isSeen(scalar) ? String(scalar) : escape(scalar)
        }
    }

    /// Whether a person sees that the scalar is there, and it changes nothing around it.
    public static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// Whole lines with an escape such as `\u{1b}` for every scalar that is disruptive; the line breaks stay.
    public static func lines(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += $1 != "\n" && isDisruptive($1) ? escape($1) : String($1) }
    }

    /// Whether the scalar is a control character, or turns the direction of the text around it.
    ///
    /// Joiners and other format characters are parts of words in some scripts, so they are not.
    public static func isDisruptive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Control characters.
        case ..<0x20, 0x7F...0x9F: true
        // Marks, embeddings, overrides and isolates of direction (UAX #9).
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// `\u{1b}`
    public static func escape(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16))}"
    }
}
