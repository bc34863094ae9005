import JSONBridge

/// Where the fields of one record stand in its line: a field's value is read when it is asked for.
///
/// A name that is spelled with escapes is not found; this program writes none.
struct RecordOutline: Sendable {
    private var outline = JSONOutline(depth: depthLimit, reading: .ofManifestLines)

    /// A record is one level around the manifest line that it holds.
    private static let depthLimit = JSONLimits.standard.depth + 1

    /// Reads a line, given without its end, and forgets the one before.
    mutating func read(_ line: Span<UInt8>) throws(JSONError) {
        try outline.read(line)
    }

    /// A field of the line that was read last; nil if there is no such field, or if its value has another form.
    func value<Value>(of field: RecordField<Value>, in line: Span<UInt8>) -> Value? {
        place(of: field, in: line).flatMap { field.form.read(line.extracting($0)) }
    }

    /// The same for a field that has the same value in most records as in the record before.
    func value<Value>(
        of field: RecordField<Value>, in line: Span<UInt8>, recent: inout RecentValue<Value>
    ) -> Value? {
        place(of: field, in: line).flatMap { recent.value(of: line.extracting($0), by: field.form.read) }
    }

    /// The text of a field whose value is a string, also of one that is no word that the field knows; nil for all others.
    func text<Value>(of field: RecordField<Value>, in line: Span<UInt8>) -> String? {
        place(of: field, in: line).flatMap { String(json: line.extracting($0)) }
    }

    private func place<Value>(of field: RecordField<Value>, in line: Span<UInt8>) -> Range<Int>? {
        guard let object = field.object else { return outline.range(ofMember: field.name, in: line) }
        guard let outer = outline.range(ofMember: object.name, in: line) else { return nil }
        return outline.range(ofMember: field.name, within: outer, in: line)
    }
}

/// What the JSON of a value means, remembered from one record to the next.
struct RecentValue<Meaning: Sendable>: Sendable {
    private var spelled: [UInt8] = []
    private var meaning: Meaning?

    /// What the value means. It is read only if it is not spelled like the last one; nil if it has no meaning.
    mutating func value(of value: Span<UInt8>, by read: (Span<UInt8>) -> Meaning?) -> Meaning? {
        if let meaning, value.equals(spelled) { return meaning }
        guard let meaning = read(value) else { return nil }
        spelled = value.withUnsafeBufferPointer { Array($0) }
        self.meaning = meaning
        return meaning
    }
}

extension Span<UInt8> {
    fileprivate func equals(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for position in 0..<count where self[position] != other[position] { return false }
        return true
    }
}
