import ImageProof
import Testing

private typealias PNG = HandmadePNG

/// One chunk by itself: its length, its name and its CRC.
@Suite struct PNGChunkTests {
    @Test func longestChunkWithoutItsDataIsTruncated() {
        let bytes = PNG.png(PNG.header(), PNG.bigEndian(0x7FFF_FFFF), Array("IDAT".utf8))
        let fault = verdict(on: bytes).fault
        #expect(fault?.kind == .truncated)
        #expect(fault?.chunk?.description == "IDAT")
    }

    @Test(arguments: [0x8000_0000, 0xFFFF_FFFF] as [UInt32])
    func longerChunkIsRejectedAtItsLength(length: UInt32) {
        let fault = verdict(on: PNG.png(PNG.header(), PNG.bigEndian(length), Array("IDAT".utf8))).fault
        #expect(fault?.reason == .chunkTooLong)
        #expect(fault?.kind == .corrupt)
        #expect(fault?.offset == 33)
    }

    @Test(arguments: ["tEX1", "tE t", "@EXt", "[EXt", "`EXt", "{EXt", "tEX\0"])
    func nameOtherThanFourLettersIsRejected(name: String) {
        let fault = verdict(on: PNG.png(PNG.header(), PNG.chunk(name), PNG.imageData, PNG.end)).fault
        #expect(fault?.reason == .chunkNameIllegal)
        #expect(fault?.offset == 37)
    }

    @Test func illegalNameIsShownAsDigits() {
        let fault = verdict(on: PNG.png(PNG.header(), PNG.chunk("\u{1B}[2J"), PNG.imageData, PNG.end)).fault
        #expect(fault?.chunk?.description == "0x1b5b324a")
    }

    @Test(arguments: ["JDAT", "CgBI", "IDOT", "Idat", "ZZZZ", "IDaT", "IEnD"])
    func unknownCriticalChunkIsRejected(name: String) {
        let fault = verdict(on: PNG.png(PNG.header(), PNG.chunk(name), PNG.imageData, PNG.end)).fault
        #expect(fault?.reason == .chunkUnknownCritical)
        #expect(fault?.chunk?.description == name)
        #expect(fault?.offset == 37)
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
        let fault = verdict(on: PNG.png(PNG.header(), text, PNG.imageData, PNG.end)).fault
        #expect(fault?.reason == .checksumMismatch)
        #expect(fault?.chunk?.description == "tEXt")
        #expect(fault?.offset == 33 + text.count - 4)
    }
}
