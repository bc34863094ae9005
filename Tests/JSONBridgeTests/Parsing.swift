import JSONBridge

/// The document a text spells.
func document(
    _ text: String, limits: JSONLimits = .standard, reading: JSONReading = .strict
) throws(JSONError) -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8), limits: limits, reading: reading)
}

/// The value a text spells.
func value(_ text: String, reading: JSONReading = .strict) throws(JSONError) -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), reading: reading)
}

/// The error found in some bytes; nil when they are accepted.
func error(
    in bytes: [UInt8], limits: JSONLimits = .standard, reading: JSONReading = .strict
) -> JSONError? {
    do {
        _ = try JSONDocument(parsing: bytes, limits: limits, reading: reading)
        return nil
    } catch {
        return error
    }
}

/// The error found in a text; nil when it is accepted.
func error(
    in text: String, limits: JSONLimits = .standard, reading: JSONReading = .strict
) -> JSONError? {
    error(in: Array(text.utf8), limits: limits, reading: reading)
}
