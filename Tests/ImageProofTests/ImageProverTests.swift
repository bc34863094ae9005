import ImageProof
import Testing

@Suite struct ImageProverTests {
    @Test(arguments: SampleImage.all)
    func proofHoldsSizeDigestAndHeader(image: SampleImage) throws {
        let proven = try proof(ofPieces: [image.bytes[...]]).get()
        #expect(proven.bytes == image.bytes.count)
        #expect(proven.sha256 == image.sha256)
        #expect(try proven.header == verdict(on: image.bytes).get().header)
        #expect(proven.irregularity == nil)
    }

    @Test(arguments: SampleImage.all)
    func piecesHaveNoInfluence(image: SampleImage) {
        let whole = proof(ofPieces: [image.bytes[...]])
        #expect(whole.isProven)
        for cut in 0...image.bytes.count {
            #expect(proof(ofPieces: [image.bytes[..<cut], image.bytes[cut...]]) == whole, "cut at \(cut)")
        }
        #expect(proof(ofPieces: image.bytes.pieces(of: 1)) == whole)
    }

    @Test(arguments: [1, 4093, 65_536, 200_000])
    func largeChunkIsProvenInPieces(size: Int) throws {
        let data = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let bytes = HandmadePNG.png(HandmadePNG.header(), HandmadePNG.chunk("IDAT", data), HandmadePNG.end)
        let proven = try proof(ofPieces: bytes.pieces(of: size)).get()
        #expect(proven.bytes == 100_057)
        #expect(proven.sha256 == "c3b26203954176d8e3987af509555974cc622bcf7c5bf3bfa1d82a2d3e09ac26")
    }

    @Test(arguments: SampleImage.all)
    func everyPrefixIsUnproven(image: SampleImage) {
        for length in image.bytes.indices {
            #expect(proof(ofPieces: [image.bytes[..<length]]).error?.kind == .truncated, "\(length) bytes")
        }
    }

    @Test func irregularityIsProvenWithSizeAndDigestOfAllBytes() throws {
        let bytes = SampleImage.gray.bytes + Array("\n".utf8)
        let proven = try proof(ofPieces: bytes.pieces(of: 5)).get()
        #expect(proven.bytes == bytes.count)
        #expect(proven.sha256 == "3890a71aedc2d705b51fde83139277866fc1e83c1d19eb32be4d6d9623851f17")
        #expect(proven.irregularity == verdict(on: bytes).irregularity)
        #expect(proven.irregularity?.description == "Bytes follow the end of the image, at byte 71.")
    }

    @Test func errorOfTheScannerIsTheErrorOfTheProof() {
        let bytes = Array(SampleImage.gray.bytes.dropLast())
        let error = proof(ofPieces: [bytes[...]]).error
        #expect(error != nil)
        #expect(error == verdict(on: bytes).error)
    }

    @Test func errorIsThrownAgainByEveryFurtherCall() {
        var prover = ImageProver()
        let first = prover.errorConsuming(Array("<html>".utf8)[...])
        #expect(first?.kind == .notPNG)
        let later = [prover.errorConsuming(SampleImage.gray.bytes[...]), prover.errorFinishing()]
        #expect(later == [first, first])
    }
}
