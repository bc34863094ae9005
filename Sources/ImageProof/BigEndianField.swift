/// A big-endian number of up to 16 bytes, whose bytes come in pieces of any size.
struct BigEndianField: Sendable {
    private var value: UInt128 = 0
    private var count = 0

    /// Takes bytes from `position` on, until the field has `width` bytes or the piece ends; returns how many it took.
    mutating func take(_ bytes: RawSpan, from position: Int, upTo width: Int) -> Int {
        let taken = min(width - count, bytes.byteCount - position)
        for index in position..<position + taken {
            value = value << 8 | UInt128(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        count += taken
        return taken
    }

    /// The number, once the field has `width` bytes, which empties the field; nil before that.
    mutating func takeValue(ofWidth width: Int) -> UInt128? {
        guard count == width else { return nil }
        defer { self = BigEndianField() }
        return value
    }
}
