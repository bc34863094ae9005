import ArgumentParser
import FetchCore
import JSONBridge

/// A value that a setting can have, as it is spelled in each of the places where it can be given.
protocol SettingValue: Sendable {
    /// What is expected, as the end of a sentence.
    static var expected: String { get }
    /// Reads the text of a variable; nil when it is no such value.
    init?(variable text: String)
    /// Reads what stands in the file; nil when it is no such value.
    init?(json: JSONValue)
    /// The value as the file would spell it.
    var json: JSONOutput { get }
    /// The value as the help text tells it; nil when it is not worth telling.
    var spelled: String? { get }
    /// What is wrong with a value of the right kind, as the end of a sentence about it; nil when nothing is.
    var fault: String? { get }
}

extension SettingValue {
    var fault: String? { nil }
}

/// What is one word or number for a flag is the same for a variable, and a string in the file.
extension SettingValue where Self: ExpressibleByArgument {
    init?(variable text: String) {
        self.init(argument: text)
    }

    init?(json: JSONValue) {
        guard let text = json.string else { return nil }
        self.init(argument: text)
    }
}

extension String: SettingValue {
    static var expected: String { "a text" }
    var json: JSONOutput { .string(self) }
    var spelled: String? { self }
}

extension Int: SettingValue {
    static var expected: String { "a whole number" }

    init?(json: JSONValue) {
        guard let number = json.number?.int else { return nil }
        self = number
    }

    var json: JSONOutput { .integer(self) }
    var spelled: String? { description }
}

extension Bool: SettingValue {
    static var expected: String { "true or false" }

    init?(variable text: String) {
        switch text {
        case "true", "1": self = true
        case "false", "0": self = false
        default: return nil
        }
    }

    init?(json: JSONValue) {
        guard let bool = json.bool else { return nil }
        self = bool
    }

    var json: JSONOutput { .bool(self) }
    var spelled: String? { nil }
}

extension TimeLength: SettingValue {
    static var expected: String { "a length of time such as 500ms, 10s, 5m or 1h30m" }
    var json: JSONOutput { .string(text) }
    var spelled: String? { text }
}

/// A value that may be a bare number in the file.
protocol NumberSettingValue: SettingValue, ExpressibleByArgument {}

extension NumberSettingValue {
    init?(json: JSONValue) {
        guard let text = json.string ?? json.number?.text else { return nil }
        self.init(argument: text)
    }
}

extension ByteCount: NumberSettingValue {
    static var expected: String { "a number of bytes such as 1048576, 10MB or 64MiB" }
    var json: JSONOutput { .string(text) }
    var spelled: String? { text }
}

extension Shard: SettingValue {
    static var expected: String { "K/N, such as 1/8: K from 0 to N, N from 1 to \(mostShards)" }
    var json: JSONOutput { .string(description) }
    var spelled: String? { description }
}

extension TolerableLines: NumberSettingValue {
    static var expected: String { "a number of lines, or a percentage from 0% to 100% such as 0.5%" }
    var json: JSONOutput { .string(text) }
    var spelled: String? { text }
}

extension ImageNames: SettingValue {
    static var expected: String { "a template such as {customer}/{job_id}.png" }
    var json: JSONOutput { .string(text) }
    var spelled: String? { text }

    var fault: String? {
        do {
            _ = try template()
            return nil
        } catch {
            return "\(error)"
        }
    }
}

extension RequestRate: SettingValue {
    static var expected: String { "a rate such as 10/s, 300/m or 5000/h" }
    var json: JSONOutput { .string(text) }
    var spelled: String? { text }
}

/// One of a few words.
extension SettingValue where Self: CaseIterable & RawRepresentable<String> {
    static var expected: String { "one of \(allCases.map(\.rawValue).joined(separator: ", "))" }
    var json: JSONOutput { .string(rawValue) }
    var spelled: String? { rawValue }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    static var expected: String { Wrapped.expected }

    init?(variable text: String) {
        guard let value = Wrapped(variable: text) else { return nil }
        self = .some(value)
    }

    init?(json: JSONValue) {
        guard let value = Wrapped(json: json) else { return nil }
        self = .some(value)
    }

    var json: JSONOutput { map(\.json) ?? .null }
    var spelled: String? { flatMap(\.spelled) }
}

/// Several values: a repeated flag, a variable with commas, an array in the file.
extension [String]: SettingValue {
    static var expected: String { "an array of texts (separated by commas in a variable)" }

    init?(variable text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self = parts
    }

    init?(json: JSONValue) {
        guard let elements = json.array else { return nil }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { return nil }
        self = texts
    }

    var json: JSONOutput { .array(map(JSONOutput.string)) }
    var spelled: String? { nil }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
