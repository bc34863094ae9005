import ImageProof
import Testing

private typealias PNG = HandmadePNG

/// One chunk by itself: its length, its name and its CRC.
@Suite struct PNGChunkTests {
    @Test func longestChunkWithoutItsDataIsTruncated() {
        let bytes = PNG.png(PNG.header(), PNG.bigEndian(0x7FFF_FFFF), Array("IDAT".utf8))
        let error = verdict(on: bytes).error
        #expect(error?.kind == .truncated)
        #expect(error?.chunk?.description == "IDAT")
    }

    @Test(arguments: [0x8000_0000, 0xFFFF_FFFF] as [UInt32])
    func longerChunkIsRejectedAtItsLength(length: UInt32) {
        let error = verdict(on: PNG.png(PNG.header(), PNG.bigEndian(length), Array("IDAT".utf8))).error
        #expect(error?.reason == .chunkTooLong)
        #expect(error?.kind == .corrupt)
        #expect(error?.offset == 33)
    }

    @Test(arguments: ["tEX1", "tE t", "@EXt", "[EXt", "`EXt", "{EXt", "tEX\0"])
    func nameOtherThanFourLettersIsRejected(name: String) {
        let error = verdict(on: PNG.png(PNG.header(), PNG.chunk(name), PNG.imageData, PNG.end)).error
        #expect(error?.reason == .chunkNameIllegal)
        #expect(error?.offset == 37)
    }

    @Test func illegalNameIsShownAsDigits() {
        let error = verdict(on: PNG.png(PNG.header(), PNG.chunk("\u{1B}[2J"), PNG.imageData, PNG.end)).error
        #expect(error?.chunk?.description == "0x1b5b324a")
    }

    @Test(arguments: ["JDAT", "CgBI", "IDOT", "Idat", "ZZZZ", "IDaT", "IEnD"])
    func unknownCriticalChunkIsRejected(name: String) {
        let error = verdict(on: PNG.png(PNG.header(), PNG.chunk(name), PNG.imageData, PNG.end)).error
        #expect(error?.reason == .chunkUnknownCritical)
        #expect(error?.chunk?.description == name)
        #expect(error?.offset == 37)
    }

    @Test(arguments: ["aaAa", "zzZz", "prVt", "vpAg", "iDAT", "caBX"])
    func unknownAncillaryChunkPasses(name: String) {
        let chunk = PNG.chunk(name, [9, 8, 7])
        #expect(verdict(on: PNG.png(PNG.header(), chunk, PNG.imageData, chunk, PNG.end)).isProven)
    }

    @Test func reservedBitOfAnAncillaryNameIsNoError() {
        #expect(verdict(on: PNG.png(PNG.header(), PNG.chunk("tExt", [1]), PNG.imageData, PNG.end)).isProven)
    }

    @Test(arguments: ["gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "cICP", "bKGD", "hIST", "tRNS", "pHYs", "sPLT", "acTL"])
    func misplacedOrRepeatedAncillaryChunkPasses(name: String) {
        let chunk = PNG.chunk(name, [0])
        let bytes = PNG.png(
            PNG.header(), chunk, PNG.palette(entries: 2), chunk, PNG.imageData, chunk, chunk, PNG.end)
        #expect(verdict(on: bytes).isProven)
    }

    @Test func chunksOfAnimationPass() {
        let bytes = PNG.png(
            PNG.header(), PNG.chunk("acTL", [0, 0, 0, 1, 0, 0, 0, 0]), PNG.chunk("fcTL", [0]), PNG.imageData,
            PNG.chunk("fcTL", [1]), PNG.chunk("fdAT", [0, 0, 0, 2, 5]), PNG.end)
        #expect(verdict(on: bytes).isProven)
    }

    @Test func damagedAncillaryChunkIsRejected() {
        var text = PNG.chunk("tEXt", Array("Title\0x".utf8))
        text[10] ^= 1
        let error = verdict(on: PNG.png(PNG.header(), text, PNG.imageData, PNG.end)).error
        #expect(error?.reason == .checksumMismatch)
        #expect(error?.chunk?.description == "tEXt")
        #expect(error?.offset == 33 + text.count - 4)
    }
}
