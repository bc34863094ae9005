import ImageProof
import Testing

@Suite struct PNGScannerTests {
    @Test(arguments: SampleImage.all)
    func wholeImageIsProvenWithItsHeader(image: SampleImage) throws {
        let png = try verdict(on: image.bytes).get()
        #expect(png.irregularity == nil)
        let header = png.header
        #expect(header.width == image.width)
        #expect(header.height == image.height)
        #expect(header.bitDepth == image.bitDepth)
        #expect(header.colorType == image.colorType)
        #expect(header.interlaced == image.interlaced)
    }

    @Test(arguments: SampleImage.all)
    func everyPrefixIsTruncated(image: SampleImage) {
        for length in image.bytes.indices {
            let error = verdict(on: Array(image.bytes.prefix(length))).error
            #expect(error?.kind == .truncated, "\(length) bytes")
            #expect(error?.offset == length)
        }
    }

    @Test(arguments: SampleImage.all)
    func everySingleBitFlipIsRejected(image: SampleImage) {
        for index in image.bytes.indices {
            for bit in 0..<8 {
                var bytes = image.bytes
                bytes[index] ^= 1 << bit
                let error = verdict(on: bytes).error
                #expect(error != nil, "byte \(index), bit \(bit)")
                #expect((error?.kind == .notPNG) == (index < 8), "byte \(index), bit \(bit)")
            }
        }
    }

    @Test(arguments: SampleImage.all)
    func flippedBitOfDataOrChecksumIsAMismatchOfTheChecksum(image: SampleImage) {
        // The data and the CRC of IHDR.
        for index in 16..<33 {
            var bytes = image.bytes
            bytes[index] ^= 0x10
            let error = verdict(on: bytes).error
            #expect(error?.reason == .checksumMismatch)
            #expect(error?.offset == 29)
            #expect(error?.chunk?.description == "IHDR")
        }
    }

    @Test(arguments: SampleImage.all)
    func piecesHaveNoInfluence(image: SampleImage) {
        let whole = verdict(on: image.bytes)
        #expect(whole.isProven)
        for cut in 0...image.bytes.count {
            #expect(verdict(onPieces: [image.bytes[..<cut], image.bytes[cut...]]) == whole, "cut at \(cut)")
        }
        #expect(verdict(onPieces: image.bytes.pieces(of: 1)) == whole)
        #expect(verdict(onPieces: image.bytes.pieces(of: 1).flatMap { [[], $0, []] }) == whole)
    }

    @Test func piecesHaveNoInfluenceOnAFault() {
        for index in SampleImage.indexed.bytes.indices {
            var bytes = SampleImage.indexed.bytes
            bytes[index] ^= 0x20
            let whole = verdict(on: bytes)
            #expect(!whole.isProven)
            #expect(verdict(onPieces: bytes.pieces(of: 1)) == whole, "byte \(index)")
            #expect(verdict(onPieces: bytes.pieces(of: 5)) == whole, "byte \(index)")
        }
    }

    @Test(arguments: SampleImage.all)
    func bytesAfterTheEndAreIrregular(image: SampleImage) throws {
        for extra: [UInt8] in [[0], [0x0A], image.bytes, Array(repeating: 7, count: 100_000)] {
            let whole = verdict(on: image.bytes + extra)
            #expect(try whole.get().header == verdict(on: image.bytes).get().header)
            #expect(whole.irregularity?.reason == .bytesAfterEnd)
            #expect(whole.irregularity?.kind == .corrupt)
            #expect(whole.irregularity?.offset == image.bytes.count)
            #expect(verdict(onPieces: [image.bytes[...], extra[...]]) == whole)
            #expect(verdict(onPieces: (image.bytes + extra).pieces(of: 3)) == whole)
        }
    }

    @Test func noBytesAreTruncated() {
        #expect(verdict(onPieces: []).error?.reason == .noBytes)
        #expect(verdict(on: []).error?.kind == .truncated)
    }

    @Test func prefixOfTheSignatureIsTruncated() {
        for length in 1...8 {
            #expect(verdict(on: Array(HandmadePNG.signature.prefix(length))).error?.kind == .truncated)
        }
    }

    @Test(arguments: [
        ("HTML", Array("<!DOCTYPE html><html></html>".utf8), 0),
        ("JSON", Array(#"{"success":false}"#.utf8), 0),
        ("JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, 0x4A, 0x46, 0x49, 0x46], 0),
        ("GIF", Array("GIF89a".utf8), 0),
        ("WebP", Array("RIFF\u{10}\0\0\0WEBPVP8 ".utf8), 0),
        ("MP4", [0x00, 0x00, 0x00, 0x18] + Array("ftypmp42".utf8), 0),
        ("seven bits", [0x09, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], 0),
        ("JNG", [0x8B, 0x4A, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], 0),
        ("line ends made LF", [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A], 4),
        ("line ends made CRLF", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0D, 0x0A], 7),
    ])
    func otherFormatIsNotPNG(name: String, bytes: [UInt8], offset: Int) {
        let error = verdict(on: bytes).error
        #expect(error?.kind == .notPNG)
        #expect(error?.offset == offset)
    }

    @Test func wrongSignatureIsRefusedAtItsFirstWrongByte() {
        var scanner = PNGScanner()
        #expect(scanner.errorConsuming(HandmadePNG.signature[..<7]) == nil)
        #expect(scanner.errorConsuming([0x0B])?.kind == .notPNG)
    }

    @Test func errorIsThrownAgainByEveryFurtherCall() {
        var scanner = PNGScanner()
        let first = scanner.errorConsuming(Array("GIF89a".utf8)[...])
        #expect(first?.kind == .notPNG)
        let later = [
            scanner.errorConsuming(SampleImage.gray.bytes[...]), scanner.errorConsuming([]), scanner.errorFinishing(),
        ]
        #expect(later == [first, first, first])
    }

    @Test func streamThatWasEndedTooEarlyStaysTruncated() {
        var scanner = PNGScanner()
        let good = SampleImage.gray.bytes
        #expect(scanner.errorConsuming(good[..<40]) == nil)
        let first = scanner.errorFinishing()
        #expect(first?.kind == .truncated)
        let later = [scanner.errorConsuming(good[40...]), scanner.errorFinishing()]
        #expect(later == [first, first])
    }

    @Test func finishedImageCanBeFinishedAgainAndIsIrregularIfItGoesOn() throws {
        var scanner = PNGScanner()
        let good = SampleImage.gray.bytes
        let whole = [scanner.errorConsuming(good[...]), scanner.errorFinishing(), scanner.errorFinishing()]
        #expect(whole == [nil, nil, nil])
        #expect(scanner.errorConsuming([0]) == nil)
        #expect(try scanner.finish().irregularity?.reason == .bytesAfterEnd)
    }

    @Test func firstIrregularityIsTheOneThatCounts() {
        let png = HandmadePNG.png(
            HandmadePNG.header(colorType: 0), HandmadePNG.chunk("PLTE", [1]), HandmadePNG.imageData, HandmadePNG.end)
        #expect(verdict(on: png + [0]).irregularity?.reason == .paletteForbidden)
        #expect(verdict(on: png + [0]).irregularity?.offset == 8 + 25 + 4)
    }
}
