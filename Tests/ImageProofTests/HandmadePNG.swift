/// A PNG put together chunk by chunk, so that a test can break one rule and keep every other, the CRCs included.
enum HandmadePNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The signature and these chunks.
    static func png(_ chunks: [UInt8]...) -> [UInt8] {
        chunks.reduce(signature, +)
    }

    /// A chunk with the CRC that belongs to it.
    static func chunk(_ name: String, _ data: [UInt8] = []) -> [UInt8] {
        let covered = Array(name.utf8) + data
        return bigEndian(UInt32(data.count)) + covered + bigEndian(crc32(covered))
    }

    /// An IHDR chunk; by default that of a good 8-bit truecolor image.
    static func header(
        width: UInt32 = 4, height: UInt32 = 4, bitDepth: UInt8 = 8, colorType: UInt8 = 2,
        compression: UInt8 = 0, filter: UInt8 = 0, interlace: UInt8 = 0
    ) -> [UInt8] {
        chunk(
            "IHDR",
            bigEndian(width) + bigEndian(height) + [bitDepth, colorType, compression, filter, interlace])
    }

    /// A PLTE chunk of so many entries.
    static func palette(entries: Int) -> [UInt8] {
        chunk("PLTE", [UInt8](repeating: 0x55, count: 3 * entries))
    }

    /// A piece of image data. Its content is of no interest here: nothing inflates it.
    static let imageData = chunk("IDAT", [1, 2, 3])
    static let emptyImageData = chunk("IDAT")
    static let end = chunk("IEND")

    static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// CRC-32 bit by bit, straight from the polynomial in 5.5 of the specification: slow, and a second opinion.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
