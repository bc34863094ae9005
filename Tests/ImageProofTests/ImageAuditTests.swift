import ImageProof
import Testing

struct ImageAuditTests {
    /// What is found in these bytes, given in pieces of this length.
    private func audit(_ bytes: [UInt8], deep: Bool = true, pieces: Int = .max) -> ImageFindings {
        var audit = ImageAudit(deep: deep)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            audit.consume(piece.span.bytes)
            rest = rest.dropFirst(piece.count)
        }
        return audit.finish()
    }

    private func pixelError(_ bytes: [UInt8]) -> PixelError? {
        guard case .failure(.pixels(let error)) = audit(bytes).picture else { return nil }
        return error
    }

    @Test func soundImageOfEveryKindPasses() throws {
        for image in FilteredImage.everyKind {
            for pieces in [Int.max, 1, 7] {
                let header = try audit(image.png(), pieces: pieces).picture.get()
                #expect(header.width == image.width && header.height == image.height, "\(image.testDescription)")
            }
        }
    }

    @Test(arguments: SampleImage.all) func imageOfAnotherEncoderPasses(sample: SampleImage) throws {
        let findings = audit(sample.bytes)
        #expect(findings.bytes == sample.bytes.count)
        #expect(findings.sha256 == sample.sha256)
        #expect(try findings.picture.get().interlaced == sample.interlaced)
    }

    @Test func everyKindWithARowMoreOrLessIsRefused() {
        for image in FilteredImage.everyKind {
            let rows = image.rows
            let fewer = image.png(pixels: Array(rows.dropLast().joined()))
            let more = image.png(pixels: Array(rows.joined()) + [0])
            #expect(pixelError(fewer) == .tooShort, "\(image.testDescription)")
            #expect(pixelError(more) == .tooLong, "\(image.testDescription)")
            #expect(pixelError(image.png(pixels: Array(rows.joined().dropLast()))) == .tooShort)
        }
    }

    @Test func everyRowNeedsAFilterThatThereIs() {
        for image in FilteredImage.everyKind where image.width <= 9 {
            for (number, row) in image.rows.enumerated() {
                var rows = image.rows
                rows[number] = [UInt8(5 + number % 251)] + row.dropFirst()
                #expect(pixelError(image.png(pixels: Array(rows.joined()))) == .filterUnknown(row: number + 1))
            }
        }
    }

    @Test func flippedBitInThePixelsIsFoundThoughTheCRCIsRight() {
        let image = FilteredImage.small
        let stream = FilteredImage.deflated(Array(image.rows.joined()))
        var unseen = 0
        for bit in 0..<stream.count * 8 {
            var damaged = stream
            damaged[bit / 8] ^= 1 << (bit % 8)
            unseen += pixelError(image.png(stream: damaged)) == nil ? 1 : 0
            // A shallow look does not see it.
            #expect((try? audit(image.png(stream: damaged), deep: false).picture.get()) != nil)
        }
        // The last byte of the compressed data may have bits that mean nothing, and the stream's first two bytes tell
        // a level that means nothing either.
        #expect(unseen <= 7, "\(unseen) of \(stream.count * 8)")
    }

    @Test func streamThatIsCutOffIsUnfinished() {
        let image = FilteredImage.small
        let stream = FilteredImage.deflated(Array(image.rows.joined()))
        for length in 1..<stream.count {
            #expect(pixelError(image.png(stream: Array(stream[..<length]))) == .unfinished, "\(length)")
        }
    }

    @Test func nothingMayFollowTheStream() {
        let image = FilteredImage.small
        let stream = FilteredImage.deflated(Array(image.rows.joined()))
        for chunks in [1, 2, stream.count + 1] {
            #expect(pixelError(image.png(stream: stream, chunks: chunks)) == nil)
            #expect(pixelError(image.png(stream: stream + [0], chunks: chunks)) == .bytesAfterStream)
            #expect(pixelError(image.png(stream: stream + stream, chunks: chunks)) == .bytesAfterStream)
        }
    }

    @Test func whatIsNoZlibStreamIsRefusedInItsWords() {
        let image = FilteredImage.small
        for stream: [UInt8] in [[1, 2, 3, 4], [0x78, 0xBB, 0, 0, 0, 0], [0x78, 0xDA, 0xFF, 0xFF]] {
            guard case .notInflatable(let reason) = pixelError(image.png(stream: stream)) else {
                Issue.record("\(stream) passes")
                continue
            }
            #expect(!reason.isEmpty)
        }
        var stream = FilteredImage.deflated(Array(image.rows.joined()))
        stream[stream.count - 1] ^= 1
        #expect(pixelError(image.png(stream: stream)) == .notInflatable("incorrect data check"))
    }

    @Test func imageOfManyRoomsIsInflatedWhole() {
        let image = FilteredImage(width: 1201, height: 403, bitDepth: 8, colorType: .truecolorWithAlpha)
        let pixels = Array(image.rows.joined())
        #expect(pixelError(image.png(stream: FilteredImage.deflated(pixels), chunks: 9)) == nil)
        #expect(pixelError(image.png(pixels: pixels + [0])) == .tooLong)
        // Far more than is expected is not inflated to its end.
        let bomb = FilteredImage.deflated([UInt8](repeating: 0, count: 40_000_000))
        #expect(pixelError(FilteredImage.small.png(stream: bomb)) == .tooLong)
    }

    @Test func bytesAfterTheEndDisturbNoLookAtThePixels() throws {
        for extra: [UInt8] in [[0], Array("IDAT".utf8), FilteredImage.small.png()] {
            for pieces in [Int.max, 1] {
                for deep in [true, false] {
                    let findings = audit(FilteredImage.small.png() + extra, deep: deep, pieces: pieces)
                    #expect(try findings.picture.get().width == FilteredImage.small.width)
                    #expect(findings.irregularity?.reason == .bytesAfterEnd)
                }
            }
        }
        // What is wrong with the pixels is seen all the same.
        #expect(pixelError(FilteredImage.small.png(stream: [1, 2, 3, 4]) + [0]) != nil)
        #expect(audit(FilteredImage.small.png()).irregularity == nil)
    }

    @Test func structureGoesBeforePixelsAndTheSumIsThatOfAllBytes() {
        var bytes = FilteredImage.small.png(stream: [1, 2, 3, 4])
        bytes[bytes.count - 20] ^= 1
        let findings = audit(bytes)
        guard case .failure(.structure) = findings.picture else {
            Issue.record("\(findings)")
            return
        }
        #expect(findings.bytes == bytes.count)
        #expect(findings.sha256 == audit(bytes, deep: false, pieces: 3).sha256)
        let text = Array("no image".utf8)
        #expect(audit(text).sha256 == "453361fd925712bb2f4ef496dfa3480f0d7a1e22fc15dc69e72aeb8086c135ce")
    }
}
