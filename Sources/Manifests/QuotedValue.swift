import FetchCore
import JSONBridge

extension ManifestLineParser {
    /// Most characters that a message repeats of what stood on the line, the ellipsis included: enough to find it there.
    private static let quotedLength = 60

    /// A value as a message shows it: a string in quotes, shortened, and with nothing that a terminal would obey.
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
