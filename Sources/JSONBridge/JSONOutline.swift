/// Where the members of objects stand, found without a value being made of any of them.
///
/// It is for a million texts of a known form, one after the other: it keeps its storage from one to the next, and what
/// it accepts is just what ``JSONDocument`` accepts. The ranges are offsets into the text that was read last.
public struct JSONOutline: Sendable {
    private var scanner: JSONScanner

    /// An outline of texts in which arrays and objects nest at most `depth` deep; 520 is the greatest.
    public init(depth: Int = JSONLimits.standard.depth, reading: JSONReading = .strict) {
        precondition(0...JSONLimits.greatestDepth ~= depth, "JSON limits are within what can be counted")
        scanner = JSONScanner(depthLimit: depth, reading: reading, keepingInnerMembers: true)
    }

    /// Goes over exactly one JSON value, and forgets the one before.
    public mutating func read(_ text: Span<UInt8>) throws(JSONError) {
        scanner.startOver()
        try scanner.scan(text)
    }

    /// Where the value of a member of the outermost object stands; nil when there is none, or the text is no object.
    ///
    /// Of a repeated name it is the last. A name that the text spells with escapes is not found.
    public func range(ofMember name: StaticString, in text: Span<UInt8>) -> Range<Int>? {
        scanner.members.last { hasName($0, name, in: text) }?.value
    }

    /// Where the value of a member of an object stands that is itself a value of the outermost object, at `outer`.
    ///
    /// Nil when there is none, or no object at that place. The rules for members of the outermost object hold here too.
    public func range(ofMember name: StaticString, within outer: Range<Int>, in text: Span<UInt8>) -> Range<Int>? {
        scanner.innerMembers.last { outer.contains($0.name.lowerBound) && hasName($0, name, in: text) }?.value
    }

    /// How many members of the outermost object have the name, those left out that spell it with escapes.
    public func count(ofMember name: StaticString, in text: Span<UInt8>) -> Int {
        scanner.members.count { hasName($0, name, in: text) }
    }

    /// Whether any member of the outermost object spells its name with escapes.
    public var hasEscapedNames: Bool {
        scanner.members.contains(where: \.nameHasEscapes)
    }

    /// Whether any member of the object at `outer`, itself a value of the outermost object, spells its name with escapes.
    public func hasEscapedNames(within outer: Range<Int>) -> Bool {
        scanner.innerMembers.contains { $0.nameHasEscapes && outer.contains($0.name.lowerBound) }
    }

    private func hasName(_ member: JSONScanner.Member, _ name: StaticString, in text: Span<UInt8>) -> Bool {
        guard member.name.count == name.utf8CodeUnitCount + 2 else { return false }
        return name.withUTF8Buffer { name in
            name.indices.allSatisfy { text[member.name.lowerBound + 1 + $0] == name[$0] }
        }
    }
}
