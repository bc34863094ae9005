/// Finds where the members of objects are, without making a value of any of them.
///
/// It is made for a million texts of a known form, one after the other, and uses its storage again for each. It accepts
/// exactly what ``JSONDocument`` accepts. Ranges are offsets into the text that was read last.
public struct JSONOutline: Sendable {
    private var scanner: JSONScanner

    /// `depth` is the greatest nesting depth that is accepted, 520 at most.
    public init(depth: Int = JSONLimits.standard.depth, reading: JSONReading = .strict) {
        precondition(0...JSONLimits.greatestDepth ~= depth, "JSON limits are within what can be counted")
        scanner = JSONScanner(depthLimit: depth, reading: reading, keepingInnerMembers: true)
    }

    /// Reads exactly one JSON value, and forgets the text before it.
    public mutating func read(_ text: Span<UInt8>) throws(JSONError) {
        scanner.startOver()
        try scanner.scan(text)
    }

    /// Where the value of a top-level member is; nil if there is none, or if the text is not an object.
    ///
    /// Where a name is repeated, the last member counts. A name that the text spells with escapes is not found.
    public func range(ofMember name: StaticString, in text: Span<UInt8>) -> Range<Int>? {
        scanner.members.last { hasName($0, name, in: text) }?.value
    }

    /// The same for a name that is not known before.
    public func range(ofMember name: String, in text: Span<UInt8>) -> Range<Int>? {
        scanner.members.last { member in
            member.name.count == name.utf8.count + 2
                && zip(member.name.dropFirst(), name.utf8).allSatisfy { text[$0] == $1 }
        }?.value
    }

    /// Where the value of a member of the object at `outer` is; that object is itself the value of a top-level member.
    ///
    /// Nil if there is no such member, or no object at `outer`. Names are found as those of top-level members are.
    public func range(ofMember name: StaticString, within outer: Range<Int>, in text: Span<UInt8>) -> Range<Int>? {
        scanner.innerMembers.last { outer.contains($0.name.lowerBound) && hasName($0, name, in: text) }?.value
    }

    /// How many top-level members have the name; those that spell it with escapes are not counted.
    public func count(ofMember name: StaticString, in text: Span<UInt8>) -> Int {
        scanner.members.count { hasName($0, name, in: text) }
    }

    /// Whether any top-level member spells its name with escapes.
    public var hasEscapedNames: Bool {
        scanner.members.contains(where: \.nameHasEscapes)
    }

    /// Whether any member of the object at `outer`, the value of a top-level member, spells its name with escapes.
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
