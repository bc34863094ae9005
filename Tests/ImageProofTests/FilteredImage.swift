import CZlib
import Testing

@testable import ImageProof

/// An image whose pixels a test can damage at every layer: rows, zlib stream, chunks. All CRCs are right.
struct FilteredImage: Sendable, CustomTestStringConvertible {
    var width: Int
    var height: Int
    var bitDepth: UInt8
    var colorType: PNGHeader.ColorType
    var interlaced = false

    var testDescription: String {
        "\(width)×\(height), \(bitDepth)-bit \(colorType)\(interlaced ? ", Adam7" : "")"
    }

    /// All rows with their filter bytes: 0 to 4 in turn.
    var rows: [[UInt8]] {
        let samples: [PNGHeader.ColorType: Int] = [
            .grayscale: 1, .truecolor: 3, .indexed: 1, .grayscaleWithAlpha: 2, .truecolorWithAlpha: 4,
        ]
        let bits = Int(bitDepth) * (samples[colorType] ?? 0)
        return rowWidths.enumerated().map { number, pixels in
            let content = (0..<(pixels * bits + 7) / 8).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number &* 7) }
            return [UInt8(number % 5)] + content
        }
    }

    /// Pixels of each row that has any, in the order of the stream, found pixel by pixel.
    private var rowWidths: [Int] {
        guard interlaced else { return Array(repeating: width, count: height) }
        // The specification's own picture of the passes.
        let passes = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"]
            .map { $0.compactMap(\.wholeNumberValue) }
        return (1...7).flatMap { pass in
            (0..<height).map { y in (0..<width).count { passes[y % 8][$0 % 8] == pass } }.filter { $0 > 0 }
        }
    }

    /// The whole file, with these inflated bytes in place of its own.
    func png(pixels: [UInt8]? = nil) -> [UInt8] {
        png(stream: Self.deflated(pixels ?? Array(rows.joined())))
    }

    /// The whole file with this zlib stream, cut into so many chunks.
    func png(stream: [UInt8], chunks: Int = 1) -> [UInt8] {
        let length = max(1, (stream.count + chunks - 1) / chunks)
        let data = stride(from: 0, to: stream.count, by: length).flatMap { start in
            HandmadePNG.chunk("IDAT", Array(stream[start..<min(start + length, stream.count)]))
        }
        let header = HandmadePNG.header(
            width: UInt32(width), height: UInt32(height), bitDepth: bitDepth, colorType: colorType.rawValue,
            interlace: interlaced ? 1 : 0)
        let palette = colorType == .indexed ? HandmadePNG.palette(entries: 2) : []
        return HandmadePNG.png(header, palette, data, HandmadePNG.end)
    }

    static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(UInt(bytes.count))
        var stream = [UInt8](repeating: 0, count: Int(length))
        let result = compress2(&stream, &length, bytes, UInt(bytes.count), 6)
        precondition(result == Z_OK, "zlib compresses whatever there is room for")
        return Array(stream[..<Int(length)])
    }
}

extension FilteredImage {
    /// Every color type and bit depth in sizes around those of Adam7's passes, both ways.
    static let everyKind: [FilteredImage] = {
        let depths: [(PNGHeader.ColorType, [UInt8])] = [
            (.grayscale, [1, 2, 4, 8, 16]), (.truecolor, [8, 16]), (.indexed, [1, 2, 4, 8]),
            (.grayscaleWithAlpha, [8, 16]), (.truecolorWithAlpha, [8, 16]),
        ]
        let sizes = [(1, 1), (2, 1), (1, 3), (3, 5), (5, 2), (8, 8), (9, 4), (4, 9), (17, 33), (300, 1)]
        return depths.flatMap { colorType, depths in
            depths.flatMap { depth in
                sizes.flatMap { width, height in
                    [false, true].map {
                        FilteredImage(
                            width: width, height: height, bitDepth: depth, colorType: colorType, interlaced: $0)
                    }
                }
            }
        }
    }()

    static let small = FilteredImage(width: 5, height: 4, bitDepth: 8, colorType: .truecolor)
}
