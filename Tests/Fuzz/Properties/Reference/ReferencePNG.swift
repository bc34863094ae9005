/// A second reading of the rules a PNG must keep, all bytes at hand and one rule a line.
///
/// The CRC is taken bit by bit from the polynomial, not by zlib.
struct ReferencePNG {
    private struct Chunk {
        let name: String
        let data: ArraySlice<UInt8>
    }

    let width: Int
    let height: Int
    /// It breaks a rule that decoders forgive.
    let isIrregular: Bool
    /// How many bytes it has up to the end of IEND.
    let endOfImage: Int

    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Nil unless the bytes are a whole PNG, whatever follows it.
    init?(_ bytes: [UInt8]) {
        guard let (chunks, end) = Self.chunks(of: bytes), let header = chunks.first?.data else { return nil }
        endOfImage = end
        let hasMore = end < bytes.count
        let names = chunks.map(\.name)
        let fields = Array(header)
        guard names[0] == "IHDR", names.count(where: { $0 == "IHDR" }) == 1, fields.count == 13,
            chunks.last?.data.isEmpty == true,
            fields[10] == 0, fields[11] == 0, fields[12] < 2
        else { return nil }
        width = Self.number(header.prefix(4))
        height = Self.number(header.dropFirst(4).prefix(4))
        guard 0 < width, width < 1 << 31, 0 < height, height < 1 << 31,
            let depths = Self.bitDepths[fields[9]], depths.contains(fields[8])
        else { return nil }

        // Unknown critical chunks begin with a capital; image data is in one run and not empty.
        let known: Set = ["IHDR", "PLTE", "IDAT", "IEND"]
        guard names.allSatisfy({ known.contains($0) || $0.first?.isLowercase == true }),
            let firstData = names.firstIndex(of: "IDAT"), let lastData = names.lastIndex(of: "IDAT"),
            names[firstData...lastData].allSatisfy({ $0 == "IDAT" }),
            chunks[firstData...lastData].contains(where: { !$0.data.isEmpty })
        else { return nil }

        let palettes = chunks.indices.filter { names[$0] == "PLTE" }
        guard let palette = palettes.first else {
            guard fields[9] != 3 else { return nil }
            isIrregular = hasMore
            return
        }
        guard palettes.count == 1 else { return nil }
        let size = chunks[palette].data.count
        let hasGoodSize = size % 3 == 0 && 1...256 ~= size / 3
        switch (fields[9], isLate: palette > lastData) {
        case (0, false), (4, false):
            isIrregular = true
        case (2, let isLate), (6, let isLate):
            guard size > 0 else { return nil }
            isIrregular = isLate || !hasGoodSize || hasMore
        case (3, false):
            guard size >= 3 else { return nil }
            isIrregular = !hasGoodSize || size / 3 > 1 << Int(fields[8]) || hasMore
        default:
            return nil
        }
    }

    private static let bitDepths: [UInt8: [UInt8]] = [
        0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
    ]

    /// The chunks after the signature up to IEND, and where that ends; nil unless all are there and every CRC is right.
    private static func chunks(of bytes: [UInt8]) -> ([Chunk], end: Int)? {
        guard bytes.starts(with: signature) else { return nil }
        var chunks: [Chunk] = []
        var rest = bytes.dropFirst(signature.count)
        while !rest.isEmpty {
            guard rest.count >= 12 else { return nil }
            let length = number(rest.prefix(4))
            guard length < 1 << 31, rest.count >= 12 + length else { return nil }
            let body = rest.dropFirst(4).prefix(4 + length)
            guard number(rest.dropFirst(8 + length).prefix(4)) == crc(body),
                body.prefix(4).allSatisfy({ 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 })
            else { return nil }
            chunks.append(Chunk(name: String(decoding: body.prefix(4), as: UTF8.self), data: body.dropFirst(4)))
            rest = rest.dropFirst(12 + length)
            if chunks.last?.name == "IEND" { return (chunks, end: rest.startIndex) }
        }
        return nil
    }

    /// The bytes with the right CRC in every chunk that is complete.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var start = signature.count
        while bytes.count - start >= 12 {
            let length = number(bytes[start..<start + 4])
            guard bytes.count - start >= 12 + length else { break }
            let end = start + 8 + length
            let sum = crc(bytes[start + 4..<end])
            for index in 0..<4 { bytes[end + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
            start = end + 4
        }
        return bytes
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func crc(_ bytes: ArraySlice<UInt8>) -> Int {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return Int(~sum)
    }
}
