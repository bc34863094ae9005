public import JSONBridge

/// The JSON Schemas (draft 2020-12) of what the program writes.
///
/// Their enumerations come from the model, so a new code there is in the schema too.
public enum JSONSchema {
    public static let record = document("record", version: RecordFields.versionNumber, RecordSchema.body)
    public static let summary = document("summary", version: SummaryFields.versionNumber, SummarySchema.body)

    typealias Member = (name: String, value: JSONOutput)

    private static func document(_ name: String, version: Int, _ body: [Member]) -> JSONOutput {
        .object(
            [
                ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
                ("$id", .string("urn:pictory-fetch:\(name):\(version)")),
            ] + body)
    }

    /// An object with these members and no others; those that are not `optional` are required.
    static func object(_ properties: [Member], optional: Set<String> = []) -> [Member] {
        [
            ("type", .string("object")),
            ("properties", .object(properties)),
            ("required", strings(properties.map(\.name).filter { !optional.contains($0) })),
            ("additionalProperties", .bool(false)),
        ]
    }

    /// An object of counts, with a member for each of these words.
    static func counts<Word: RawRepresentable<String>>(of words: [Word], optional: Bool = false) -> JSONOutput {
        let names = words.map(\.rawValue)
        return .object(
            object(names.map { ($0, integer(from: optional ? 1 : 0)) }, optional: optional ? Set(names) : []))
    }

    static func strings(_ texts: [String]) -> JSONOutput { .array(texts.map(JSONOutput.string)) }

    static func oneOf<Word: RawRepresentable<String>>(_ words: some Sequence<Word>) -> JSONOutput {
        .object([("enum", strings(words.map(\.rawValue)))])
    }

    static func constant(_ value: JSONOutput) -> JSONOutput { .object([("const", value)]) }

    static func integer(from least: Int) -> JSONOutput {
        .object([("type", .string("integer")), ("minimum", .integer(least))])
    }

    static let number = JSONOutput.object([("type", .string("number"))])
    static let boolean = JSONOutput.object([("type", .string("boolean"))])

    /// A string that is not empty.
    static let text = JSONOutput.object([("type", .string("string")), ("minLength", .integer(1))])

    static func text(matching pattern: String) -> JSONOutput {
        .object([("type", .string("string")), ("pattern", .string(pattern))])
    }

    static func array(of element: JSONOutput) -> JSONOutput {
        .object([("type", .string("array")), ("items", element)])
    }

    /// RFC 3339 in UTC, always with milliseconds.
    static let moment = JSONOutput.object([
        ("type", .string("string")),
        ("format", .string("date-time")),
        ("pattern", .string("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$")),
    ])

    /// A rule: an object whose members meet the condition has this consequence.
    static func rule(if condition: [Member], then consequence: [Member]) -> JSONOutput {
        .object([("if", .object(demanding(condition))), ("then", .object(consequence))])
    }

    /// The members are present and meet these conditions.
    static func demanding(_ conditions: [Member]) -> [Member] {
        [("properties", .object(conditions)), ("required", strings(conditions.map(\.name)))]
    }

    /// The members are present.
    static func has(_ names: [String]) -> Member { ("required", strings(names)) }

    /// The members meet these conditions, or are absent.
    static func meets(_ conditions: Member...) -> Member { ("properties", .object(conditions)) }

    /// The members are absent.
    static func lacks(_ names: [String]) -> Member {
        ("not", .object([("anyOf", .array(names.map { .object([has([$0])]) }))]))
    }
}
