/// Which chunk may come next, decided from the chunks before it.
///
/// A pure value: it is shown names and lengths and never the bytes of a chunk. Section numbers are those of the PNG
/// specification, third edition.
struct PNGChunkOrder: Sendable {
    private enum Stage {
        /// Nothing but the signature has been read.
        case start
        /// IHDR has begun and its data is still to be read.
        case header
        case beforeImageData(PNGHeader, hasPalette: Bool)
        case imageData(PNGHeader, isEmpty: Bool)
        case afterImageData(PNGHeader, isEmpty: Bool)
        /// IEND has begun; what follows it is for the scanner to reject.
        case end(PNGHeader)
    }

    private var stage = Stage.start

    /// The header, once IEND has been admitted and so every rule of order is kept.
    var headerOfWholeImage: PNGHeader? {
        if case .end(let header) = stage { header } else { nil }
    }

    /// The header, while the chunk that was admitted last is IDAT.
    var headerOfImageData: PNGHeader? {
        if case .imageData(let header, _) = stage { header } else { nil }
    }

    /// Notes the header that was read from the data of IHDR.
    mutating func noteHeader(_ header: PNGHeader) {
        stage = .beforeImageData(header, hasPalette: false)
    }

    /// Admits a chunk, or returns the rule that it breaks.
    mutating func admit(_ name: PNGChunkName, length: Int) -> PNGFault.Reason? {
        // 5.2 and 11.2: the signature is followed at once by IHDR, and there is one IHDR.
        switch (stage, name) {
        case (.start, .header):
            // 11.2.1: the fields of IHDR are 13 bytes together.
            guard length == PNGHeader.length else { return .headerLengthIllegal }
            stage = .header
            return nil
        case (.start, _), (.header, _): return .headerNotFirst
        case (_, .header): return .headerRepeated
        case (_, .palette): return admitPalette(length: length)
        case (_, .imageData): return admitImageData(length: length)
        case (_, .end): return admitEnd(length: length)
        default:
            // 5.4 and 13.5: without an unknown critical chunk the picture cannot be had as it was meant.
            if name.isCritical { return .chunkUnknownCritical }
            // 11.2.3: whatever stands after image data, more image data must not follow.
            if case .imageData(let header, let isEmpty) = stage {
                stage = .afterImageData(header, isEmpty: isEmpty)
            }
            return nil
        }
    }

    private mutating func admitPalette(length: Int) -> PNGFault.Reason? {
        guard case .beforeImageData(let header, let hasPalette) = stage else {
            // 5.6: PLTE comes before the first IDAT.
            return .paletteAfterImageData
        }
        // 11.2.2: not with grayscale, at most one, 1 to 256 entries of three bytes.
        switch header.colorType {
        case .grayscale, .grayscaleWithAlpha: return .paletteForbidden
        case .truecolor, .indexed, .truecolorWithAlpha: break
        }
        if hasPalette { return .paletteRepeated }
        guard length.isMultiple(of: 3), (3...768).contains(length) else { return .paletteLengthIllegal }
        // 11.2.2: no more entries than a pixel's bits can number. Only an indexed image points into its palette; for
        // the other color types it is a suggestion.
        if header.colorType == .indexed, length / 3 > 1 << header.bitDepth { return .paletteTooLongForDepth }
        stage = .beforeImageData(header, hasPalette: true)
        return nil
    }

    private mutating func admitImageData(length: Int) -> PNGFault.Reason? {
        switch stage {
        case .beforeImageData(let header, let hasPalette):
            // 11.2.2: an indexed image needs its palette, and 5.6 puts that before the first IDAT.
            if header.colorType == .indexed, !hasPalette { return .paletteMissing }
            stage = .imageData(header, isEmpty: length == 0)
            return nil
        case .imageData(let header, let isEmpty):
            // 11.2.3: one IDAT may be empty; the zlib stream they make up together (10.1) never is.
            stage = .imageData(header, isEmpty: isEmpty && length == 0)
            return nil
        case .afterImageData:
            // 11.2.3 and 5.6: IDAT chunks are consecutive.
            return .imageDataInterrupted
        case .start, .header: return .headerNotFirst
        case .end: return .bytesAfterEnd
        }
    }

    private mutating func admitEnd(length: Int) -> PNGFault.Reason? {
        switch stage {
        case .imageData(let header, let isEmpty), .afterImageData(let header, let isEmpty):
            if isEmpty { return .imageDataEmpty }
            // 11.2.4: the data field of IEND is empty.
            guard length == 0 else { return .endNotEmpty }
            stage = .end(header)
            return nil
        case .beforeImageData:
            // 11.2: one or more IDAT.
            return .imageDataMissing
        case .start, .header: return .headerNotFirst
        case .end: return .bytesAfterEnd
        }
    }
}
