import JSONBridge

/// The document a text spells.
func document(_ text: String, limits: JSONLimits = .standard) throws(JSONFault) -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8), limits: limits)
}

/// The value a text spells.
func value(_ text: String) throws(JSONFault) -> JSONValue {
    try document(text).root
}

/// The fault found in some bytes; nil when they are accepted.
func fault(in bytes: [UInt8], limits: JSONLimits = .standard) -> JSONFault? {
    do {
        _ = try JSONDocument(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// The fault found in a text; nil when it is accepted.
func fault(in text: String, limits: JSONLimits = .standard) -> JSONFault? {
    fault(in: Array(text.utf8), limits: limits)
}
