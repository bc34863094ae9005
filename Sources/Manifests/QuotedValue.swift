import FetchCore
import JSONBridge

extension ManifestLineParser {
    /// How many characters of a value a message shows at most, the ellipsis included: enough to find it on the line.
    private static let quotedLength = 60

    /// A value as a message shows it: a string is in quotes, shortened, and without control characters.
    static func quoted(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let number): "the number \(ForeignText.printable(number.text, limit: quotedLength))"
        case .string(let text) where text.isEmpty: "an empty string"
        case .string(let text): "\"\(ForeignText.printable(text, limit: quotedLength))\""
        case .array: "an array"
        case .object: "an object"
        }
    }
}
