import ImageProof
import Testing

private typealias PNG = HandmadePNG

@Suite struct PNGHeaderTests {
    /// What is said of an otherwise good image with this header; a palette is added where one is due.
    private func verdictOnImage(withHeader header: [UInt8], colorType: UInt8 = 2) -> Result<PNGHeader, PNGError> {
        let palette = colorType == 3 ? PNG.palette(entries: 2) : []
        return verdict(on: PNG.png(header, palette, PNG.imageData, PNG.end)).map(\.header)
    }

    @Test(arguments: [1, 2, 65_536, 0x7FFF_FFFF] as [UInt32])
    func sizesUpToTheLimitPass(size: UInt32) throws {
        let wide = try verdictOnImage(withHeader: PNG.header(width: size, height: 3)).get()
        #expect((wide.width, wide.height) == (Int(size), 3))
        let high = try verdictOnImage(withHeader: PNG.header(width: 3, height: size)).get()
        #expect((high.width, high.height) == (3, Int(size)))
    }

    @Test(arguments: [0, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
    func otherSizesAreRejected(size: UInt32) {
        let wide = verdictOnImage(withHeader: PNG.header(width: size)).error
        #expect(wide?.reason == .widthIllegal)
        #expect(wide?.offset == 16)
        let high = verdictOnImage(withHeader: PNG.header(height: size)).error
        #expect(high?.reason == .heightIllegal)
        #expect(high?.offset == 20)
    }

    @Test func onlyCombinationsOfTheTablePass() {
        let table: [UInt8: [UInt8]] = [
            0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
        ]
        for colorType: UInt8 in Array(0...9) + [255] {
            for bitDepth: UInt8 in Array(0...17) + [32, 255] {
                let header = PNG.header(bitDepth: bitDepth, colorType: colorType)
                let verdict = verdictOnImage(withHeader: header, colorType: colorType)
                guard let depths = table[colorType] else {
                    #expect(verdict.error?.reason == .colorTypeIllegal)
                    #expect(verdict.error?.offset == 25)
                    continue
                }
                if depths.contains(bitDepth) {
                    #expect(verdict.isProven, "color type \(colorType), bit depth \(bitDepth)")
                } else {
                    #expect(verdict.error?.reason == .bitDepthIllegal)
                    #expect(verdict.error?.offset == 24)
                }
            }
        }
    }

    @Test(arguments: [1, 2, 255] as [UInt8])
    func onlyMethodZeroOfCompressionAndFilteringPasses(method: UInt8) {
        let compressed = verdictOnImage(withHeader: PNG.header(compression: method)).error
        #expect(compressed?.reason == .compressionMethodIllegal)
        #expect(compressed?.offset == 26)
        let filtered = verdictOnImage(withHeader: PNG.header(filter: method)).error
        #expect(filtered?.reason == .filterMethodIllegal)
        #expect(filtered?.offset == 27)
    }

    @Test func interlacingIsNoneOrAdam7() throws {
        #expect(try !verdictOnImage(withHeader: PNG.header(interlace: 0)).get().interlaced)
        #expect(try verdictOnImage(withHeader: PNG.header(interlace: 1)).get().interlaced)
        for method: UInt8 in [2, 255] {
            let error = verdictOnImage(withHeader: PNG.header(interlace: method)).error
            #expect(error?.reason == .interlaceMethodIllegal)
            #expect(error?.offset == 28)
        }
    }

    @Test func damagedHeaderIsBlamedOnItsChecksum() {
        var header = PNG.header(width: 1)
        header[11] = 0  // the width is now 0, and the CRC that of width 1
        #expect(verdictOnImage(withHeader: header).error?.reason == .checksumMismatch)
    }
}
