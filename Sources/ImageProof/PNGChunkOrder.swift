/// Which chunk may come next, decided from the chunks before it.
///
/// A pure value: it sees the names and lengths of chunks, and never their bytes. Section numbers are those of the PNG
/// specification, third edition.
struct PNGChunkOrder: Sendable {
    private enum Stage {
        /// Nothing but the signature has been read.
        case start
        /// IHDR has begun, and its data is not read yet.
        case header
        case beforeImageData(PNGHeader)
        case imageData(PNGHeader, isEmpty: Bool)
        case afterImageData(PNGHeader, isEmpty: Bool)
        /// IEND has begun; the scanner decides about what follows.
        case end(PNGHeader)
    }

    /// Whether a chunk is admitted.
    enum Admission: Equatable {
        case regular
        /// It breaks a rule that decoders forgive, because the picture does not depend on it.
        case irregular(PNGError.Reason)
        case refused(PNGError.Reason)
    }

    private var stage = Stage.start
    private var hasPalette = false

    /// The header, once IEND is admitted: by then every rule of order was kept, but for those that decoders forgive.
    var headerOfWholeImage: PNGHeader? {
        if case .end(let header) = stage { header } else { nil }
    }

    /// The header, while the chunk that was admitted last is IDAT.
    var headerOfImageData: PNGHeader? {
        if case .imageData(let header, _) = stage { header } else { nil }
    }

    /// Notes the header that was read from the data of IHDR.
    mutating func noteHeader(_ header: PNGHeader) {
        stage = .beforeImageData(header)
    }

    /// Admits a chunk, or names the rule that it breaks.
    mutating func admit(_ name: PNGChunkName, length: Int) -> Admission {
        // 5.2 and 11.2: the signature is followed at once by IHDR, and there is one IHDR.
        switch (stage, name) {
        case (.start, .header):
            // 11.2.1: the fields of IHDR are 13 bytes together.
            guard length == PNGHeader.length else { return .refused(.headerLengthIllegal) }
            stage = .header
            return .regular
        case (.start, _), (.header, _): return .refused(.headerNotFirst)
        case (_, .header): return .refused(.headerRepeated)
        case (_, .palette): return admitPalette(length: length)
        case (_, .imageData): return admitImageData(length: length)
        case (_, .end): return admitEnd(length: length)
        default:
            // 5.4 and 13.5: a decoder that does not know a critical chunk cannot show the picture as it was meant.
            if name.isCritical { return .refused(.chunkUnknownCritical) }
            endImageData()
            return .regular
        }
    }

    /// 11.2.3: IDAT chunks are consecutive, so any other chunk ends the image data.
    private mutating func endImageData() {
        if case .imageData(let header, let isEmpty) = stage { stage = .afterImageData(header, isEmpty: isEmpty) }
    }

    private mutating func admitPalette(length: Int) -> Admission {
        endImageData()
        let header: PNGHeader
        let isLate: Bool
        switch stage {
        case .beforeImageData(let ofImage): (header, isLate) = (ofImage, false)
        case .imageData(let ofImage, _), .afterImageData(let ofImage, _): (header, isLate) = (ofImage, true)
        case .start, .header: return .refused(.headerNotFirst)
        case .end: return .refused(.bytesAfterEnd)
        }
        // 5.6: PLTE comes before the first IDAT. 11.2.2: at most one.
        if hasPalette { return .refused(isLate ? .paletteAfterImageData : .paletteRepeated) }
        hasPalette = true
        switch header.colorType {
        case .grayscale, .grayscaleWithAlpha:
            // 11.2.2: a grayscale image has none. Before the image data, decoders ignore it.
            return isLate ? .refused(.paletteAfterImageData) : .irregular(.paletteForbidden)
        case .truecolor, .truecolorWithAlpha:
            // It is only a suggestion: no pixel depends on it.
            guard length > 0 else { return .refused(.paletteLengthIllegal) }
            if isLate { return .irregular(.paletteAfterImageData) }
            return Self.isLegal(paletteLength: length) ? .regular : .irregular(.paletteLengthIllegal)
        case .indexed:
            // 5.6: the palette of an indexed image comes before its image data.
            guard !isLate else { return .refused(.paletteAfterImageData) }
            // Pixels point into it, so it has at least one whole entry. Of one that is too long, decoders use the
            // beginning.
            guard length >= 3 else { return .refused(.paletteLengthIllegal) }
            guard Self.isLegal(paletteLength: length) else { return .irregular(.paletteLengthIllegal) }
            // 11.2.2: no more entries than the bit depth can address.
            return length / 3 > 1 << header.bitDepth ? .irregular(.paletteTooLongForDepth) : .regular
        }
    }

    /// 11.2.2: 1 to 256 entries of three bytes.
    private static func isLegal(paletteLength length: Int) -> Bool {
        length.isMultiple(of: 3) && (3...768).contains(length)
    }

    private mutating func admitImageData(length: Int) -> Admission {
        switch stage {
        case .beforeImageData(let header):
            // 11.2.2: an indexed image needs its palette, and 5.6 puts that before the first IDAT.
            if header.colorType == .indexed, !hasPalette { return .refused(.paletteMissing) }
            stage = .imageData(header, isEmpty: length == 0)
            return .regular
        case .imageData(let header, let isEmpty):
            // 11.2.3: an IDAT may be empty. The zlib stream that all of them form (10.1) never is.
            stage = .imageData(header, isEmpty: isEmpty && length == 0)
            return .regular
        case .afterImageData:
            // 11.2.3 and 5.6: IDAT chunks are consecutive.
            return .refused(.imageDataInterrupted)
        case .start, .header: return .refused(.headerNotFirst)
        case .end: return .refused(.bytesAfterEnd)
        }
    }

    private mutating func admitEnd(length: Int) -> Admission {
        switch stage {
        case .imageData(let header, let isEmpty), .afterImageData(let header, let isEmpty):
            if isEmpty { return .refused(.imageDataEmpty) }
            // 11.2.4: the data field of IEND is empty.
            guard length == 0 else { return .refused(.endNotEmpty) }
            stage = .end(header)
            return .regular
        case .beforeImageData:
            // 11.2: one or more IDAT.
            return .refused(.imageDataMissing)
        case .start, .header: return .refused(.headerNotFirst)
        case .end: return .refused(.bytesAfterEnd)
        }
    }
}
