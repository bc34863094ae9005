/// Reads a few members of a large text, without a tree of the rest.
extension JSONValue {
    /// Checks a whole text as ``JSONDocument`` does, and keeps only the members with these names: those of the
    /// top-level object, and those of the objects among them, down to `levels` nested objects.
    ///
    /// Of an array, a deeper object, or an object without any such member, one thing is kept: whether it is empty.
    /// If it is not, it holds one `null`. So the memory is that of the strings that are kept, and of one copy of a
    /// string that has to be repaired.
    public init(
        excerpt names: [StaticString], of bytes: [UInt8], levels: Int, limits: JSONLimits, reading: JSONReading
    ) throws(JSONError) {
        guard bytes.count <= limits.bytes else { throw JSONError(.tooLong, at: limits.bytes) }
        self = try Self.excerpt(names, of: bytes.span, levels: levels, limits, reading)
    }

    private static func excerpt(
        _ names: [StaticString], of text: Span<UInt8>, levels: Int, _ limits: JSONLimits, _ reading: JSONReading
    ) throws(JSONError) -> JSONValue {
        var scanner = JSONScanner(depthLimit: limits.depth, reading: reading, keepingOnly: names)
        try scanner.scan(text)
        let something: [JSONMember] = scanner.isEmptyInside ? [] : [JSONMember(name: "", value: .null)]
        switch text[scanner.start] {
        case UInt8(ascii: "{") where levels > 0: break
        case UInt8(ascii: "{"): return .object(something)
        case UInt8(ascii: "["): return .array(scanner.isEmptyInside ? [] : [.null])
        default: return try JSONDocument(parsing: text.bytes, limits: limits, reading: reading).root
        }
        var members: [JSONMember] = []
        for (name, place) in zip(names, scanner.wantedValues) {
            guard let place else { continue }
            let value = try excerpt(names, of: text.extracting(place), levels: levels - 1, limits, reading)
            members.append(JSONMember(name: name.description, value: value))
        }
        return .object(members.isEmpty ? something : members)
    }
}

extension JSONScanner {
    /// Whether the member name at `place` is `name`, spelled with escapes or without.
    static func spells(_ name: StaticString, at place: Range<Int>, in text: Span<UInt8>) -> Bool {
        var position = place.lowerBound + 1
        for expected in UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount) {
            guard position < place.upperBound - 1 else { return false }
            if text[position] == expected {
                position += 1
            } else if codeUnit(text, at: position) == UInt32(expected) {
                position += 6
            } else {
                return false
            }
        }
        return position == place.upperBound - 1
    }
}
