import ImageProof
import Testing

@Suite struct PNGErrorTests {
    @Test func kindsHaveStableRawValues() {
        #expect(PNGError.Kind.allCases.map(\.rawValue) == ["not_png", "corrupt_png", "truncated"])
    }

    @Test func reasonsHaveRawValuesInSnakeCase() {
        for reason in PNGError.Reason.allCases {
            #expect(reason.rawValue.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }, "\(reason)")
        }
    }

    @Test func sentenceNamesTheRuleTheChunkAndTheByte() {
        var bytes = SampleImage.truecolor.bytes
        bytes[45] ^= 1
        #expect(
            verdict(on: bytes).error?.description
                == "The CRC-32 does not match the chunk's name and data, in chunk tEXt at byte 59.")
    }

    @Test func sentenceWithoutAChunkStillNamesTheByte() {
        #expect(
            verdict(on: Array("\u{0}".utf8)).error?.description
                == "The bytes do not begin with the PNG signature, at byte 0.")
    }

    @Test func sentenceOfATruncatedImageNamesTheChunkThatWasCut() {
        #expect(
            verdict(on: Array(SampleImage.gray.bytes.prefix(50))).error?.description
                == "The image ends before its IEND chunk is complete, in chunk IDAT at byte 50.")
    }
}
