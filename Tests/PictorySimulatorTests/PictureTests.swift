import CZlib
import Testing

@testable import PictorySimulator

@Suite struct PictureTests {
    @Test(arguments: PictureStyle.allCases)
    func pngIsStructurallyRight(style: PictureStyle) throws {
        for size in [ImageSize(64, 48), ImageSize(1, 1), ImageSize(37, 5), ImageSize(3, 64)] {
            let raster = style.paint(size, seed: 5)
            let file = try #require(PNGEncoder.encode(raster))
            let chunks = try Chunk.all(in: file)
            #expect(chunks.first?.type == "IHDR" && chunks.last?.type == "IEND")
            #expect(chunks.dropFirst().dropLast().allSatisfy { $0.type == "IDAT" })
            let compressed = chunks.filter { $0.type == "IDAT" }.flatMap(\.data)
            let rows = try inflated(compressed, count: size.height * (size.width * 3 + 1))
            #expect(unfiltered(rows, size) == raster.bytes)
        }
    }

    @Test(arguments: PictureStyle.allCases)
    func sameSeedPaintsTheSameBytes(style: PictureStyle) {
        let size = ImageSize(48, 32)
        let first = PNGEncoder.encode(style.paint(size, seed: 1))
        #expect(first == PNGEncoder.encode(style.paint(size, seed: 1)))
        #expect(first != PNGEncoder.encode(style.paint(size, seed: 2)))
    }

    @Test func sizeIsReadStrictly() {
        #expect(ImageSize(argument: "64x48") == ImageSize(64, 48))
        for bad in ["", "64", "64x", "x64", "0x5", "5x0", "64X64", "64x64x64", "-1x5", "+4x4", "4097x1", "6 4x4"] {
            #expect(ImageSize(argument: bad) == nil, "\(bad)")
        }
    }

    /// One chunk of a PNG whose length and checksum have been verified.
    private struct Chunk {
        let type: String
        let data: [UInt8]

        static func all(in file: [UInt8]) throws -> [Chunk] {
            try #require(file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            var chunks: [Chunk] = []
            var left = file.dropFirst(8)
            while !left.isEmpty {
                try #require(left.count >= 12)
                let length = left.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                try #require(left.count >= length + 12)
                let covered = Array(left.dropFirst(4).prefix(length + 4))
                let stated = left.dropFirst(8 + length).prefix(4).reduce(0) { $0 << 8 | UInt($1) }
                #expect(crc32(0, covered, UInt32(covered.count)) == stated)
                chunks.append(
                    Chunk(type: String(decoding: covered.prefix(4), as: UTF8.self), data: Array(covered.dropFirst(4))))
                left = left.dropFirst(length + 12)
            }
            return chunks
        }
    }

    /// Inflates a stream that must end, checksum and all, after exactly so many bytes.
    private func inflated(_ compressed: [UInt8], count: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count + 1)
        var length = UInt(output.count)
        var used = UInt(compressed.count)
        let result = uncompress2(&output, &length, compressed, &used)
        try #require(result == Z_OK && length == UInt(count) && used == UInt(compressed.count))
        return output.dropLast()
    }

    private func unfiltered(_ rows: [UInt8], _ size: ImageSize) -> [UInt8] {
        let length = size.width * 3
        var pixels: [UInt8] = []
        for row in 0..<size.height {
            let start = row * (length + 1)
            for index in 0..<length {
                let value = rows[start + 1 + index]
                switch rows[start] {
                case 1: pixels.append(value &+ (index >= 3 ? pixels[pixels.count - 3] : 0))
                case 2: pixels.append(value &+ (row > 0 ? pixels[pixels.count - length] : 0))
                default: Issue.record("filter \(rows[start]) is not one that is written")
                }
            }
        }
        return pixels
    }
}
