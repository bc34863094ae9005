import ImageProof
import Testing

private typealias PNG = HandmadePNG

@Suite struct PNGChunkOrderTests {
    private func reason(_ bytes: [UInt8]) -> PNGError.Reason? {
        verdict(on: bytes).error?.reason
    }

    /// The rule that is broken and forgiven.
    private func irregularity(_ bytes: [UInt8]) -> PNGError.Reason? {
        verdict(on: bytes).irregularity?.reason
    }

    private func indexed(bitDepth: UInt8) -> [UInt8] {
        PNG.header(bitDepth: bitDepth, colorType: 3)
    }

    @Test func fewestChunksOfAnImagePass() {
        #expect(reason(PNG.png(PNG.header(), PNG.imageData, PNG.end)) == nil)
    }

    // MARK: IHDR

    @Test func headerComesFirst() {
        #expect(reason(PNG.png(PNG.imageData, PNG.header(), PNG.end)) == .headerNotFirst)
        #expect(reason(PNG.png(PNG.chunk("tEXt"), PNG.header(), PNG.imageData, PNG.end)) == .headerNotFirst)
        #expect(reason(PNG.png(PNG.chunk("CgBI"), PNG.header(), PNG.imageData, PNG.end)) == .headerNotFirst)
        #expect(reason(PNG.png(PNG.palette(entries: 1), PNG.header(), PNG.imageData, PNG.end)) == .headerNotFirst)
        #expect(reason(PNG.png(PNG.end)) == .headerNotFirst)
    }

    @Test func headerComesOnce() {
        #expect(reason(PNG.png(PNG.header(), PNG.header(), PNG.imageData, PNG.end)) == .headerRepeated)
        #expect(reason(PNG.png(PNG.header(), PNG.imageData, PNG.header(), PNG.end)) == .headerRepeated)
    }

    @Test(arguments: [0, 12, 14, 26])
    func headerIsThirteenBytesLong(length: Int) {
        let header = PNG.chunk("IHDR", Array([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0].prefix(length)))
        let longer = PNG.chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0] + [UInt8](repeating: 0, count: 13))
        #expect(reason(PNG.png(length < 13 ? header : longer, PNG.imageData, PNG.end)) == .headerLengthIllegal)
    }

    // MARK: PLTE

    @Test func indexedImageNeedsAPalette() {
        #expect(reason(PNG.png(indexed(bitDepth: 8), PNG.imageData, PNG.end)) == .paletteMissing)
        #expect(
            reason(PNG.png(indexed(bitDepth: 8), PNG.imageData, PNG.palette(entries: 2), PNG.end)) == .paletteMissing)
        #expect(reason(PNG.png(indexed(bitDepth: 8), PNG.palette(entries: 2), PNG.imageData, PNG.end)) == nil)
    }

    @Test(arguments: [0, 4] as [UInt8], [0, 1, 3, 6, 999])
    func paletteOfAGrayscaleImageIsIrregular(colorType: UInt8, length: Int) {
        let header = PNG.header(colorType: colorType)
        let palette = PNG.chunk("PLTE", [UInt8](repeating: 0, count: length))
        #expect(irregularity(PNG.png(header, palette, PNG.imageData, PNG.end)) == .paletteForbidden)
        #expect(irregularity(PNG.png(header, PNG.imageData, PNG.end)) == nil)
        // In a place where no image has one it is refused.
        #expect(reason(PNG.png(header, PNG.imageData, palette, PNG.end)) == .paletteAfterImageData)
        #expect(reason(PNG.png(header, palette, palette, PNG.imageData, PNG.end)) == .paletteRepeated)
    }

    @Test(arguments: [2, 6] as [UInt8])
    func truecolorMayHaveAPalette(colorType: UInt8) {
        let header = PNG.header(colorType: colorType)
        for png in [
            PNG.png(header, PNG.palette(entries: 256), PNG.imageData, PNG.end), PNG.png(header, PNG.imageData, PNG.end),
        ] {
            #expect(reason(png) == nil)
            #expect(irregularity(png) == nil)
        }
    }

    @Test(arguments: [2, 6] as [UInt8])
    func paletteOfATruecolorImageAfterItsImageDataIsIrregular(colorType: UInt8) {
        let (header, palette) = (PNG.header(colorType: colorType), PNG.palette(entries: 2))
        #expect(irregularity(PNG.png(header, PNG.imageData, palette, PNG.end)) == .paletteAfterImageData)
        #expect(
            irregularity(PNG.png(header, PNG.imageData, PNG.chunk("tEXt"), palette, PNG.end)) == .paletteAfterImageData)
        // It must not stand between image data, nor a second time.
        #expect(reason(PNG.png(header, PNG.imageData, palette, PNG.imageData, PNG.end)) == .imageDataInterrupted)
        #expect(reason(PNG.png(header, PNG.imageData, palette, palette, PNG.end)) == .paletteAfterImageData)
        #expect(reason(PNG.png(header, palette, PNG.imageData, palette, PNG.end)) == .paletteAfterImageData)
    }

    @Test func paletteOfAnIndexedImageComesBeforeItsImageDataAndOnce() {
        let palette = PNG.palette(entries: 2)
        #expect(
            reason(PNG.png(indexed(bitDepth: 8), palette, PNG.imageData, palette, PNG.end)) == .paletteAfterImageData)
    }

    @Test func paletteComesAtMostOnce() {
        let palette = PNG.palette(entries: 2)
        #expect(reason(PNG.png(PNG.header(), palette, palette, PNG.imageData, PNG.end)) == .paletteRepeated)
        #expect(reason(PNG.png(indexed(bitDepth: 4), palette, palette, PNG.imageData, PNG.end)) == .paletteRepeated)
    }

    @Test(arguments: [4, 767, 769, 771, 9999])
    func paletteThatIsTooLongOrOfOddLengthIsIrregular(length: Int) {
        let palette = PNG.chunk("PLTE", [UInt8](repeating: 0, count: length))
        for header in [PNG.header(), indexed(bitDepth: 8), indexed(bitDepth: 1)] {
            #expect(irregularity(PNG.png(header, palette, PNG.imageData, PNG.end)) == .paletteLengthIllegal)
        }
    }

    @Test func paletteWithoutAnEntryCarriesNothing() {
        for length in 0...2 {
            let palette = PNG.chunk("PLTE", [UInt8](repeating: 0, count: length))
            #expect(
                reason(PNG.png(indexed(bitDepth: 8), palette, PNG.imageData, PNG.end)) == .paletteLengthIllegal)
            let truecolor = PNG.png(PNG.header(), palette, PNG.imageData, PNG.end)
            // There is no odd length in nothing.
            #expect(reason(truecolor) == (length == 0 ? .paletteLengthIllegal : nil))
            #expect(irregularity(truecolor) == (length == 0 ? nil : .paletteLengthIllegal))
        }
    }

    @Test(arguments: [(1, 2), (2, 4), (4, 16), (8, 256)] as [(UInt8, Int)])
    func paletteHasNoMoreEntriesThanTheDepthCanNameOrIsIrregular(bitDepth: UInt8, most: Int) {
        let header = indexed(bitDepth: bitDepth)
        for entries in [1, most] {
            let png = PNG.png(header, PNG.palette(entries: entries), PNG.imageData, PNG.end)
            #expect(reason(png) == nil)
            #expect(irregularity(png) == nil)
        }
        let expected: PNGError.Reason = bitDepth == 8 ? .paletteLengthIllegal : .paletteTooLongForDepth
        #expect(irregularity(PNG.png(header, PNG.palette(entries: most + 1), PNG.imageData, PNG.end)) == expected)
    }

    @Test func brokenChecksumOfAnIrregularPaletteIsNotForgiven() {
        for header in [PNG.header(colorType: 0), indexed(bitDepth: 1), PNG.header()] {
            var palette = PNG.chunk("PLTE", [UInt8](repeating: 0, count: 10))
            palette[palette.count - 1] ^= 1
            #expect(reason(PNG.png(header, palette, PNG.imageData, PNG.end)) == .checksumMismatch)
        }
    }

    // MARK: IDAT

    @Test func imageHasImageData() {
        #expect(reason(PNG.png(PNG.header(), PNG.end)) == .imageDataMissing)
        #expect(reason(PNG.png(indexed(bitDepth: 1), PNG.palette(entries: 1), PNG.end)) == .imageDataMissing)
        #expect(reason(PNG.png(PNG.header(), PNG.chunk("tEXt", [1]), PNG.end)) == .imageDataMissing)
    }

    @Test func imageDataHasAtLeastOneByteAltogether() {
        let none = PNG.emptyImageData
        #expect(reason(PNG.png(PNG.header(), none, PNG.end)) == .imageDataEmpty)
        #expect(reason(PNG.png(PNG.header(), none, none, PNG.chunk("tEXt", [1]), PNG.end)) == .imageDataEmpty)
        #expect(reason(PNG.png(PNG.header(), none, PNG.imageData, none, PNG.end)) == nil)
    }

    @Test(arguments: ["tEXt", "tIME", "fcTL", "zzZz"])
    func imageDataIsConsecutive(between: String) {
        let other = PNG.chunk(between, [0])
        #expect(reason(PNG.png(PNG.header(), PNG.imageData, PNG.imageData, other, PNG.end)) == nil)
        for second in [PNG.imageData, PNG.emptyImageData] {
            #expect(
                reason(PNG.png(PNG.header(), PNG.imageData, other, second, PNG.end)) == .imageDataInterrupted)
        }
    }

    // MARK: IEND

    @Test func endIsEmpty() {
        #expect(reason(PNG.png(PNG.header(), PNG.imageData, PNG.chunk("IEND", [0]))) == .endNotEmpty)
    }

    @Test func whatFollowsTheEndIsIrregularWhateverItIs() {
        let whole = PNG.png(PNG.header(), PNG.imageData, PNG.end)
        for extra in [PNG.end, PNG.imageData, PNG.chunk("tEXt", [1]), PNG.header(), whole] {
            #expect(irregularity(whole + extra) == .bytesAfterEnd)
        }
    }

    @Test func imageWithoutItsEndIsTruncated() {
        #expect(reason(PNG.png(PNG.header(), PNG.imageData)) == .incomplete)
    }

    @Test func ruleOfAChunkIsBrokenAtItsName() {
        let palette = PNG.palette(entries: 2)
        let irregularity = verdict(on: PNG.png(PNG.header(), PNG.imageData, palette, PNG.end)).irregularity
        #expect(irregularity?.offset == 8 + 25 + 15 + 4)
        #expect(irregularity?.chunk?.description == "PLTE")
        let error = verdict(on: PNG.png(PNG.header(), palette, palette, PNG.imageData, PNG.end)).error
        #expect(error?.offset == 8 + 25 + 18 + 4)
        #expect(error?.chunk?.description == "PLTE")
        #expect(error?.kind == .corrupt)
    }
}
