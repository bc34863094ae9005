import JSONBridge

extension ManifestLineParser {
    /// Most characters that a message repeats of what stood on the line: enough to find it there.
    private static let quotedLength = 60

    /// A value as a message shows it: a string in quotes, shortened, and with nothing that a terminal would obey.
    static func quoted(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let number): "the number \(shortened(number.text))"
        case .string(let text): text.isEmpty ? "an empty string" : "\"\(shortened(text))\""
        case .array: "an array"
        case .object: "an object"
        }
    }

    private static func shortened(_ text: String) -> String {
        var result = ""
        for (count, scalar) in text.unicodeScalars.prefix(quotedLength + 1).enumerated() {
            guard count < quotedLength else { return result + "…" }
            result += escaped(scalar)
        }
        return result
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": return "\\\(scalar)"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            return "\\u{\(String(scalar.value, radix: 16))}"
        default:
            return String(scalar)
        }
    }
}
