/// A number of up to 16 bytes, gathered from bytes that arrive in any pieces, the first byte highest.
struct BigEndianField: Sendable {
    private var value: UInt128 = 0
    private var count = 0

    /// Takes bytes from `position` on until `width` of them are gathered or there are no more, and returns how many.
    mutating func take(_ bytes: RawSpan, from position: Int, upTo width: Int) -> Int {
        let taken = min(width - count, bytes.byteCount - position)
        for index in position..<position + taken {
            value = value << 8 | UInt128(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        count += taken
        return taken
    }

    /// The number, once `width` bytes are gathered; the field is then empty again.
    mutating func takeValue(ofWidth width: Int) -> UInt128? {
        guard count == width else { return nil }
        defer { self = BigEndianField() }
        return value
    }
}
