/// Rewrites a text that was not read strictly, so that json-c reads it in the same way.
enum JSONRepair {
    /// The text with U+FFFD in place of everything that is not a character, and with `mark` after each integer that
    /// ends at one of `wideIntegerEnds`.
    ///
    /// The scanner has accepted the text. What it accepts in strings is found here by the same rules: halves of
    /// surrogate pairs, and bytes that are not UTF-8. A byte order mark is left out. The result is at most three times
    /// as long as the text, if no byte of that is UTF-8.
    static func repaired(_ text: Span<UInt8>, wideIntegerEnds: [Int], mark: UInt8) -> [UInt8] {
        var repaired: [UInt8] = []
        repaired.reserveCapacity(text.count + wideIntegerEnds.count)
        var ends = wideIntegerEnds[...]
        var position = JSONScanner.lengthOfByteOrderMark(text)
        while position < text.count {
            if ends.first == position {
                ends.removeFirst()
                repaired.append(mark)
            }
            let kept: Int
            switch text[position] {
            case UInt8(ascii: "\\"):
                switch JSONScanner.codeUnit(text, at: position) ?? 0 {
                case 0xD800..<0xDC00 where JSONScanner.isLowSurrogate(text, at: position + 6): kept = 12
                case 0xD800..<0xE000:
                    repaired.append(contentsOf: replacementCharacter)
                    position += 6
                    continue
                // The second byte of the escape may be a backslash too.
                default: kept = 2
                }
            case 0x80...:
                guard let length = JSONScanner.lengthOfCharacter(text, at: position) else {
                    repaired.append(contentsOf: replacementCharacter)
                    position += 1
                    continue
                }
                kept = length
            default: kept = 1
            }
            for index in position..<position + kept { repaired.append(text[index]) }
            position += kept
        }
        if !ends.isEmpty { repaired.append(mark) }
        return repaired
    }

    /// U+FFFD.
    private static let replacementCharacter: [UInt8] = [0xEF, 0xBF, 0xBD]
}
