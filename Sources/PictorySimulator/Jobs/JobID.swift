/// A job's UUID, kept as the sixteen bytes it stands for.
struct JobID: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a random (version 4, variant 1) UUID out of 128 bits.
    init(random high: UInt64, _ low: UInt64) {
        self.high = high & ~0xF000 | 0x4000
        self.low = low & ~(0xC000_0000_0000_0000) | 0x8000_0000_0000_0000
    }

    /// Reads 8-4-4-4-12 hexadecimal digits, either case; anything else is nil.
    init?(_ text: some StringProtocol) {
        let characters = Array(text.utf8)
        guard characters.count == 36 else { return nil }
        var halves: [UInt64] = [0, 0]
        var digits = 0
        for (position, character) in characters.enumerated() {
            if JobID.hyphens.contains(position) {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = JobID.digit(character) else { return nil }
            halves[digits / 16] = halves[digits / 16] << 4 | digit
            digits += 1
        }
        high = halves[0]
        low = halves[1]
    }

    /// The usual spelling, in lower case.
    var text: String {
        var characters: [UInt8] = []
        characters.reserveCapacity(36)
        for position in 0..<32 {
            if [8, 12, 16, 20].contains(position) {
                characters.append(UInt8(ascii: "-"))
            }
            let half = position < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - position % 16 * 4)) & 15
            characters.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        return String(decoding: characters, as: UTF8.self)
    }

    private static let hyphens: Set<Int> = [8, 13, 18, 23]

    private static func digit(_ character: UInt8) -> UInt64? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
