import ImageProof
import Testing

/// A small PNG made by an encoder that shares no code with the scanner, with what `sha256sum` says of it.
struct SampleImage: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let sha256: String
    let width: Int
    let height: Int
    let bitDepth: Int
    let colorType: PNGHeader.ColorType
    let interlaced: Bool

    var testDescription: String { name }
}

extension SampleImage {
    static let all = [gray, truecolor, indexed, interlacedWithAlpha]

    static let gray = SampleImage(
        name: "8×8, 1-bit grayscale",
        bytes: bytes(
            hex: """
                89504e470d0a1a0a0000000d4948445200000008000000080100000000ec7483260000000e4944415478da63086558c5
                8084011e9c03fd7015c9900000000049454e44ae426082
                """),
        sha256: "6c9f190b3ccb26cf9beddb8783b1af072fd0ddbe4b6d829f103e090c54b74a81",
        width: 8, height: 8, bitDepth: 1, colorType: .grayscale, interlaced: false)

    /// With a tEXt chunk before the image data.
    static let truecolor = SampleImage(
        name: "2×3, 8-bit truecolor",
        bytes: bytes(
            hex: """
                89504e470d0a1a0a0000000d4948445200000002000000030802000000368849d600000012744558745469746c650074
                776f206279207468726565082580110000001b4944415478da636010916330b261e01291d30052222272014636001523
                02778a6620170000000049454e44ae426082
                """),
        sha256: "3beb59c29f02ec9ed7df5c9a61d26693faf0dc47103d340e7b6c3d4847bc9f6b",
        width: 2, height: 3, bitDepth: 8, colorType: .truecolor, interlaced: false)

    /// With PLTE, tRNS and three IDAT chunks, of which the middle one is empty.
    static let indexed = SampleImage(
        name: "4×2, 2-bit indexed",
        bytes: bytes(
            hex: """
                89504e470d0a1a0a0000000d494844520000000400000002020300000002c695f00000000c504c544500010203040506
                0708090a0bdc4c389c0000000174524e5380ad5e5b46000000054944415478da63906653c69034000000004944415435
                af061e00000007494441547802000139010051046c580000000049454e44ae426082
                """),
        sha256: "37c35d4e6082d174883394b7e5297de5a0bc573e242772277d9593944b77fb6b",
        width: 4, height: 2, bitDepth: 2, colorType: .indexed, interlaced: false)

    static let interlacedWithAlpha = SampleImage(
        name: "3×3, 16-bit truecolor with alpha, Adam7",
        bytes: bytes(
            hex: """
                89504e470d0a1a0a0000000d494844520000000300000003100600000171bf596a0000002a4944415478da6360606462
                6661656367c060b073707271f3f0f2216478f9f80504858445309440c545013fce0245edbce5ee0000000049454e44ae
                426082
                """),
        sha256: "376b745e43e65644eb2c0c6a471cde32e0bf39685f5f9a087126fcb944187426",
        width: 3, height: 3, bitDepth: 16, colorType: .truecolorWithAlpha, interlaced: true)

    /// Reads pairs of hexadecimal digits; white space between them is passed over.
    private static func bytes(hex: String) -> [UInt8] {
        var digits = hex.compactMap(\.hexDigitValue)[...]
        var bytes: [UInt8] = []
        while let high = digits.popFirst(), let low = digits.popFirst() { bytes.append(UInt8(high << 4 | low)) }
        return bytes
    }
}
