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
        case "\"", "\\": return "\\\(scalar)"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            return hexadecimal(scalar)
        default:
            return scalar.properties.isDefaultIgnorableCodePoint ? hexadecimal(scalar) : String(scalar)
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16))}"
    }
}
