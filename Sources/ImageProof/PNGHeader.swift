/// What a PNG says about itself in its IHDR chunk, checked.
public struct PNGHeader: Sendable, Equatable {
    /// How the samples of a pixel are to be read (PNG third edition, 11.2.1).
    public enum ColorType: UInt8, Sendable, Equatable, CaseIterable {
        case grayscale = 0
        case truecolor = 2
        case indexed = 3
        case grayscaleWithAlpha = 4
        case truecolorWithAlpha = 6
    }

    /// Pixels in a row, 1…2147483647.
    public let width: Int
    /// Rows, 1…2147483647.
    public let height: Int
    /// Bits of one sample, or of one palette index: 1, 2, 4, 8 or 16.
    public let bitDepth: Int
    /// How the samples of a pixel are to be read.
    public let colorType: ColorType
    /// Whether the rows are in the seven passes of Adam7.
    public let interlaced: Bool
}

extension PNGHeader {
    /// Bytes of data in an IHDR chunk (11.2.1).
    static let length = 13

    /// IHDR is the first chunk, so its data always begins after the signature, a length and a name.
    private static let dataOffset = 16

    /// Reads the 13 bytes of an IHDR chunk as one big-endian number; throws the first rule of 11.2.1 that they break.
    init(fields: UInt128) throws(PNGError) {
        // 11.2.1: zero is invalid. 7.1: a PNG four-byte unsigned integer goes up to 2^31 − 1.
        let sizes = 1...Int(Int32.max)
        width = Int(UInt32(truncatingIfNeeded: fields >> 72))
        guard sizes.contains(width) else { throw Self.error(.widthIllegal, atByte: 0) }
        height = Int(UInt32(truncatingIfNeeded: fields >> 40))
        guard sizes.contains(height) else { throw Self.error(.heightIllegal, atByte: 4) }

        // 11.2.1, table of the allowed combinations of color type and bit depth.
        guard let colorType = ColorType(rawValue: UInt8(truncatingIfNeeded: fields >> 24)) else {
            throw Self.error(.colorTypeIllegal, atByte: 9)
        }
        self.colorType = colorType
        bitDepth = Int(UInt8(truncatingIfNeeded: fields >> 32))
        guard colorType.bitDepths.contains(bitDepth) else { throw Self.error(.bitDepthIllegal, atByte: 8) }

        // 11.2.1: only method 0 of compression and of filtering is defined, and 0 and 1 of interlacing.
        guard UInt8(truncatingIfNeeded: fields >> 16) == 0 else {
            throw Self.error(.compressionMethodIllegal, atByte: 10)
        }
        guard UInt8(truncatingIfNeeded: fields >> 8) == 0 else { throw Self.error(.filterMethodIllegal, atByte: 11) }
        switch UInt8(truncatingIfNeeded: fields) {
        case 0: interlaced = false
        case 1: interlaced = true
        default: throw Self.error(.interlaceMethodIllegal, atByte: 12)
        }
    }

    private static func error(_ reason: PNGError.Reason, atByte index: Int) -> PNGError {
        PNGError(reason, at: dataOffset + index, in: .header)
    }
}

extension PNGHeader.ColorType {
    /// The bit depths that go with the color type.
    fileprivate var bitDepths: [Int] {
        switch self {
        case .grayscale: [1, 2, 4, 8, 16]
        case .indexed: [1, 2, 4, 8]
        case .truecolor, .grayscaleWithAlpha, .truecolorWithAlpha: [8, 16]
        }
    }
}
