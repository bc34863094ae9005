import FetchCore
import JSONBridge

/// What a value of a record looks like in JSON: its schema, how it is written, and how it is read again.
struct JSONForm<Value>: Sendable {
    /// What the JSON Schema says of the value.
    let schema: JSONOutput
    /// The JSON for a value; nil for a value that JSON cannot spell.
    let write: @Sendable (Value) -> JSONOutput?
    /// Reads a JSON value, given without white space around it; nil if it is of another form.
    ///
    /// The text has been checked to be JSON. Only the form decides: a number may be below the schema's minimum.
    let read: @Sendable (Span<UInt8>) -> Value?
}

extension JSONForm where Value == Int {
    static func integer(from least: Int) -> JSONForm {
        JSONForm(schema: JSONSchema.integer(from: least), write: { .integer($0) }, read: { Int(json: $0) })
    }

    /// A number that is always the same.
    static func constant(_ value: Int) -> JSONForm {
        JSONForm(
            schema: JSONSchema.constant(.integer(value)), write: { .integer($0) },
            read: { Int(json: $0).flatMap { $0 == value ? $0 : nil } })
    }
}

extension JSONForm where Value == String {
    /// Any text that is not empty.
    static var text: JSONForm { text(JSONSchema.text) }

    /// Text that matches a regular expression.
    static func text(matching pattern: String) -> JSONForm {
        text(JSONSchema.text(matching: pattern))
    }

    private static func text(_ schema: JSONOutput) -> JSONForm {
        JSONForm(schema: schema, write: { .string($0) }, read: { String(json: $0) })
    }
}

extension JSONForm where Value: RawRepresentable<String> & CaseIterable & Sendable {
    /// One of the words that the type knows.
    static var word: JSONForm {
        JSONForm(
            schema: JSONSchema.oneOf(Value.allCases), write: { .string($0.rawValue) },
            read: { String(json: $0).flatMap(Value.init(rawValue:)) })
    }
}

extension JSONForm where Value == Timestamp {
    /// A moment, as ``FetchCore/Timestamp/rfc3339`` spells it.
    static var moment: JSONForm {
        JSONForm(
            schema: JSONSchema.moment, write: { .string($0.rfc3339) },
            read: { String(json: $0).flatMap(Timestamp.init(rfc3339:)) })
    }
}

extension JSONForm where Value == JobID? {
    /// A job id in lower case, or null.
    static var jobID: JSONForm {
        JSONForm(
            schema: .object([
                ("type", JSONSchema.strings(["string", "null"])),
                ("pattern", .string("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")),
            ]),
            write: { id in id.map { .string($0.description) } ?? .null },
            // An id needs no escapes, so a string with one counts as no id.
            read: { text in
                .some(contentOfString(text).flatMap { JobID(utf8: text.extracting($0)) })
            })
    }
}

extension JSONForm where Value == Shard {
    /// `K/N`, K from 1 to N.
    static var shard: JSONForm {
        JSONForm(
            schema: JSONSchema.text(matching: "^[1-9][0-9]*/[1-9][0-9]*$"), write: { .string("\($0)") },
            read: { String(json: $0).flatMap(Shard.init) })
    }
}

extension JSONForm where Value == String {
    /// A number as the API spelled it; text that is no JSON number is not written.
    static var number: JSONForm {
        JSONForm(
            schema: JSONSchema.number, write: { JSONNumber(text: $0).map(JSONOutput.number) },
            read: { text in
                JSONNumber(text: text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })?.text
            })
    }
}

extension JSONForm where Value == [Warning] {
    /// An array of words, each once; an empty one is not written.
    static var warnings: JSONForm {
        JSONForm(
            schema: .object([
                ("type", .string("array")),
                ("items", JSONSchema.oneOf(Warning.allCases)),
                ("minItems", .integer(1)),
                ("uniqueItems", .bool(true)),
            ]),
            write: { warnings in warnings.isEmpty ? nil : .array(warnings.map { .string($0.rawValue) }) },
            read: { text in
                // The text has been checked, so this is JSON, of whatever form.
                (try? JSONDocument(parsing: text.bytes))?.root.array?
                    .compactMap { $0.string.flatMap(Warning.init(rawValue:)) }
            })
    }
}

extension JSONForm where Value == [UInt8] {
    /// Any JSON, byte for byte.
    static var verbatim: JSONForm {
        JSONForm(schema: .bool(true), write: { .raw($0) }, read: { $0.withUnsafeBufferPointer { Array($0) } })
    }
}
