import JSONBridge

/// The document a text spells.
func document(
    _ text: String, limits: JSONLimits = .standard, reading: JSONReading = .strict
) throws(JSONFault) -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8), limits: limits, reading: reading)
}

/// The value a text spells.
func value(_ text: String, reading: JSONReading = .strict) throws(JSONFault) -> JSONValue {
    try document(text, reading: reading).root
}

/// The fault found in some bytes; nil when they are accepted.
func fault(
    in bytes: [UInt8], limits: JSONLimits = .standard, reading: JSONReading = .strict
) -> JSONFault? {
    do {
        _ = try JSONDocument(parsing: bytes, limits: limits, reading: reading)
        return nil
    } catch {
        return error
    }
}

/// The fault found in a text; nil when it is accepted.
func fault(
    in text: String, limits: JSONLimits = .standard, reading: JSONReading = .strict
) -> JSONFault? {
    fault(in: Array(text.utf8), limits: limits, reading: reading)
}
