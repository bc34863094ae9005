import Testing

@testable import JSONBridge

/// Plain text is passed over eight bytes at a time, and that finds what going byte by byte does.
@Suite struct JSONStringTests {
    private static let plain = Array("plain text, and twice eight".utf8)

    /// The rule for one byte.
    private func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    @Test func lowestSpecialByteOfAWordIsFound() {
        var random = SystemRandomNumberGenerator()
        for byte in UInt8.min...UInt8.max {
            for place in 0..<8 {
                for _ in 0..<8 {
                    // Plain bytes below it, any above it.
                    let word = (0..<8).reduce(0 as UInt64) { word, lane in
                        let other = lane < place ? Self.plain.randomElement(using: &random) : random.next()
                        return word | UInt64(lane == place ? byte : other ?? 0x20) << (8 * UInt64(lane))
                    }
                    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
                    let special = JSONScanner.specialBytes(in: word)
                    let first = bytes.firstIndex(where: isSpecial)
                    #expect((special == 0 ? nil : special.trailingZeroBitCount / 8) == first, "\(bytes)")
                }
            }
        }
    }

    @Test func everyByteIsJudgedAtEveryPlace() throws {
        for byte in UInt8.min...UInt8.max {
            for place in Self.plain.indices {
                var text = Self.plain
                text[place] = byte
                let expected: JSONError? =
                    switch byte {
                    case 0..<0x20: JSONError(.controlCharacter, at: place + 1)
                    case UInt8(ascii: "\""): JSONError(.trailingBytes, at: place + 2 + blanks(after: place))
                    case UInt8(ascii: "\\"): escapeError(at: place)
                    case 0x80...: JSONError(.invalidUTF8, at: place + 1)
                    default: nil
                    }
                #expect(
                    error(in: [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]) == expected, "\(byte) at \(place)")
            }
        }
    }

    /// Blanks after the string's early end are no error.
    private func blanks(after place: Int) -> Int {
        Self.plain[(place + 1)...].prefix { $0 == UInt8(ascii: " ") }.count
    }

    /// What a backslash at a place makes of the byte after it: for the last it is the closing quote.
    private func escapeError(at place: Int) -> JSONError? {
        guard place + 1 < Self.plain.count else { return JSONError(.unclosedString, at: 0) }
        return "bfnrt".utf8.contains(Self.plain[place + 1]) ? nil : JSONError(.invalidEscape, at: place + 1)
    }
}
