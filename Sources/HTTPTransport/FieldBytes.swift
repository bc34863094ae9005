// Bytes of the name or of the value of a header field.

extension BidirectionalCollection<UInt8> {
    /// Without spaces and tabs around it, the optional whitespace of RFC 9110, section 5.6.3.
    func withoutBlanksAround() -> SubSequence {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }

    /// Whether it is this text, which is in lower case, without regard to case.
    func spells(_ text: String) -> Bool {
        func lowered(_ byte: UInt8) -> UInt8 {
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte
        }
        return lazy.map(lowered).elementsEqual(text.utf8)
    }
}
