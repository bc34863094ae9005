import ImageProof
import Testing

private typealias PNG = HandmadePNG

@Suite struct PNGChunkOrderTests {
    private func reason(_ bytes: [UInt8]) -> PNGFault.Reason? {
        verdict(on: bytes).fault?.reason
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

    @Test(arguments: [0, 4] as [UInt8])
    func grayscaleHasNoPalette(colorType: UInt8) {
        let header = PNG.header(colorType: colorType)
        #expect(reason(PNG.png(header, PNG.palette(entries: 2), PNG.imageData, PNG.end)) == .paletteForbidden)
        #expect(reason(PNG.png(header, PNG.imageData, PNG.end)) == nil)
    }

    @Test(arguments: [2, 6] as [UInt8])
    func truecolorMayHaveAPalette(colorType: UInt8) {
        let header = PNG.header(colorType: colorType)
        #expect(reason(PNG.png(header, PNG.palette(entries: 256), PNG.imageData, PNG.end)) == nil)
        #expect(reason(PNG.png(header, PNG.imageData, PNG.end)) == nil)
    }

    @Test func paletteComesBeforeImageData() {
        let palette = PNG.palette(entries: 2)
        #expect(reason(PNG.png(PNG.header(), PNG.imageData, palette, PNG.end)) == .paletteAfterImageData)
        #expect(
            reason(PNG.png(PNG.header(), PNG.imageData, PNG.chunk("tEXt"), palette, PNG.end))
                == .paletteAfterImageData)
    }

    @Test func paletteComesAtMostOnce() {
        let palette = PNG.palette(entries: 2)
        #expect(reason(PNG.png(PNG.header(), palette, palette, PNG.imageData, PNG.end)) == .paletteRepeated)
        #expect(reason(PNG.png(indexed(bitDepth: 4), palette, palette, PNG.imageData, PNG.end)) == .paletteRepeated)
    }

    @Test(arguments: [0, 1, 2, 4, 767, 769, 771])
    func paletteLengthIsThreeBytesForEachOfItsEntries(length: Int) {
        let palette = PNG.chunk("PLTE", [UInt8](repeating: 0, count: length))
        for header in [PNG.header(), indexed(bitDepth: 8)] {
            #expect(reason(PNG.png(header, palette, PNG.imageData, PNG.end)) == .paletteLengthIllegal)
        }
    }

    @Test(arguments: [(1, 2), (2, 4), (4, 16), (8, 256)] as [(UInt8, Int)])
    func paletteHasNoMoreEntriesThanTheDepthCanName(bitDepth: UInt8, most: Int) {
        let header = indexed(bitDepth: bitDepth)
        for entries in [1, most] {
            #expect(reason(PNG.png(header, PNG.palette(entries: entries), PNG.imageData, PNG.end)) == nil)
        }
        let expected: PNGFault.Reason = bitDepth == 8 ? .paletteLengthIllegal : .paletteTooLongForDepth
        #expect(reason(PNG.png(header, PNG.palette(entries: most + 1), PNG.imageData, PNG.end)) == expected)
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

    @Test func endIsLast() {
        let whole = PNG.png(PNG.header(), PNG.imageData, PNG.end)
        for extra in [PNG.end, PNG.imageData, PNG.chunk("tEXt", [1]), PNG.header()] {
            #expect(reason(whole + extra) == .bytesAfterEnd)
        }
    }

    @Test func imageWithoutItsEndIsTruncated() {
        #expect(reason(PNG.png(PNG.header(), PNG.imageData)) == .incomplete)
    }

    @Test func ruleOfAChunkIsBrokenAtItsName() {
        let fault = verdict(on: PNG.png(PNG.header(), PNG.imageData, PNG.palette(entries: 2), PNG.end)).fault
        #expect(fault?.offset == 8 + 25 + 15 + 4)
        #expect(fault?.chunk?.description == "PLTE")
        #expect(fault?.kind == .corrupt)
    }
}
