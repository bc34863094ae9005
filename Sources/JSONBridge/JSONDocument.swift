/// One JSON text: its value, and where the members of its top-level object are.
public struct JSONDocument: Sendable {
    /// The value of the whole text.
    public let root: JSONValue

    private struct Location: Sendable {
        let name: String
        let value: Range<Int>
    }

    /// The members of the top-level object in the order of the text, repeated names included.
    private let locations: [Location]

    /// Reads exactly one JSON value as RFC 8259 spells it, in valid UTF-8, with white space around it at most.
    ///
    /// A member name that holds U+0000 is always an error; `reading` says what else is.
    public init(
        parsing bytes: RawSpan, limits: JSONLimits = .standard, reading: JSONReading = .strict
    ) throws(JSONError) {
        try self.init(bytes, limits, reading, locatingMembers: true)
    }

    /// - Parameter locatingMembers: whether anything but `root` will be asked for.
    fileprivate init(
        _ bytes: RawSpan, _ limits: JSONLimits, _ reading: JSONReading, locatingMembers: Bool
    ) throws(JSONError) {
        precondition(
            0...JSONLimits.greatestDepth ~= limits.depth && 0...JSONLimits.greatestLength ~= limits.bytes,
            "JSON limits are within what can be counted")
        guard bytes.byteCount <= limits.bytes else { throw JSONError(.tooLong, at: limits.bytes) }
        self = try bytes.withUnsafeBytes { (text) throws(JSONError) in
            try JSONDocument(text, depth: limits.depth, reading, locatingMembers: locatingMembers)
        }
    }

    /// Reads exactly one JSON value from an array of bytes.
    public init(
        parsing bytes: [UInt8], limits: JSONLimits = .standard, reading: JSONReading = .strict
    ) throws(JSONError) {
        try self.init(parsing: bytes.span.bytes, limits: limits, reading: reading)
    }

    /// The scanner goes first. json-c accepts texts that are not JSON, so it gets only what the scanner has accepted.
    private init(
        _ text: UnsafeRawBufferPointer, depth: Int, _ reading: JSONReading, locatingMembers: Bool
    ) throws(JSONError) {
        var scanner = JSONScanner(depthLimit: depth, reading: reading, keepingMembers: locatingMembers)
        try scanner.scan(text.bindMemory(to: UInt8.self).span)
        root = try JSONTree.value(of: text, scannedBy: scanner)

        var locations: [Location] = []
        locations.reserveCapacity(scanner.members.count)
        for member in scanner.members {
            let name =
                member.nameHasEscapes || scanner.needsRepair
                ? try JSONTree.string(
                    spelled: UnsafeRawBufferPointer(rebasing: text[member.name]), needingRepair: scanner.needsRepair)
                : String(decoding: text[member.name].dropFirst().dropLast(), as: UTF8.self)
            locations.append(Location(name: name, value: member.value))
        }
        self.locations = locations
    }

    /// Where the value of a top-level member is, as offsets into the bytes that were read.
    ///
    /// The range has no white space around the value. Names are compared byte for byte. Where a name is repeated, the
    /// last member counts, as in `root`. Nil if there is no such member, or if the text is not an object.
    public func range(ofMember name: String) -> Range<Int>? {
        locations.last { hasSameBytes($0.name, name) }?.value
    }

    /// The names that the top-level object has more than once: each once, in the order in which they first repeat.
    public var repeatedMembers: [String] {
        // The tree has each name once, so equal counts mean that nothing repeats.
        guard locations.count != root.object?.count ?? 0 else { return [] }
        var timesSeen: [[UInt8]: Int] = [:]
        var repeated: [String] = []
        for location in locations {
            // Keyed by bytes: as strings, names that are only canonically equivalent would be one.
            let times = timesSeen[Array(location.name.utf8), default: 0] + 1
            timesSeen[Array(location.name.utf8)] = times
            if times == 2 { repeated.append(location.name) }
        }
        return repeated
    }
}

extension JSONValue {
    /// Reads exactly one JSON value, as ``JSONDocument`` does, where it does not matter where the members are.
    public init(
        parsing bytes: [UInt8], limits: JSONLimits = .standard, reading: JSONReading = .strict
    ) throws(JSONError) {
        self = try JSONDocument(bytes.span.bytes, limits, reading, locatingMembers: false).root
    }
}
