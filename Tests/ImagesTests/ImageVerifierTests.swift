import FetchCore
import ImageProof
import Testing
import TestSupport

@testable import Images

/// What is an image as it was recorded, where the PNG breaks a rule that decoders forgive.
@Suite struct ImageVerifierTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The error of these bytes, recorded as they are.
    private func error(in bytes: [UInt8], isIrregular: Bool, deep: Bool) throws -> ImageError.Code? {
        var sum = ContentSum()
        sum.consume(bytes.span.bytes)
        let image = RecordedImage(
            id: try Sample.id(), path: try folder.write(bytes, to: "a.png"), bytes: bytes.count, width: 1, height: 1,
            sha256: sum.sha256, isIrregular: isIrregular, results: "r", line: 1, depth: 1)
        return ImageVerifier(deep: deep).error(in: image)?.code
    }

    @Test(arguments: [true, false])
    func irregularImageIsAsRecordedIfItsRecordWarnsOfIt(deep: Bool) throws {
        let png = SmallPNG.bytes()
        for extra: [UInt8] in [[0], Array("\n".utf8), png] {
            #expect(try error(in: png + extra, isIrregular: true, deep: deep) == nil)
            #expect(try error(in: png + extra, isIrregular: false, deep: deep) == .corruptPNG)
        }
        #expect(try error(in: png, isIrregular: true, deep: deep) == nil)
        #expect(try error(in: png, isIrregular: false, deep: deep) == nil)
    }

    @Test func warningForgivesNothingElse() throws {
        var png = SmallPNG.bytes()
        png[30] ^= 1
        #expect(try error(in: png, isIrregular: true, deep: false) == .corruptPNG)
        #expect(try error(in: Array(png.dropLast()), isIrregular: true, deep: false) == .corruptPNG)
    }
}
