import FetchCore
import Testing
import TestSupport

@testable import Images

struct RecordedImagesTests {
    private let folder: TemporaryFolder
    private static let id = "0189abcd-0000-4000-8000-000000000001"
    private static let sum = String(repeating: "0", count: 31) + "1" + String(repeating: "a", count: 32)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func record(path: String, bytes: String = "5", width: String = "3", sum: String = Self.sum) -> String {
        #"{"v":1,"job_id":"\#(Self.id)","status":"downloaded","manifest":"-","line":1,"image":{"path":\#(path),"#
            + #""bytes":\#(bytes),"width":\#(width),"height":4,"sha256":"\#(sum)","url":"u"},"polls":1,"downloads":1,"#
            + #""first_seen":"2026-11-23T16:39:22.751Z","finished_at":"2026-11-23T16:39:22.835Z","runs":1}"#
    }

    private func images(_ text: String) throws -> RecordedImages {
        try RecordedImages(reading: [folder.write(text, to: "results.jsonl")])
    }

    @Test(arguments: [
        "images/\(id).png", "\(id).png", "/\(id).png", "é/\(id).png", "images/other.png", "x\(id).png", "a/b\(id).png",
        "\(id).png/x", "images/\(id.uppercased()).png",
    ]) func pathIsWhatWasRecorded(path: String) throws {
        let images = try images(record(path: "\"\(path)\"") + "\n")
        try #require(images.count == 1)
        #expect(images[0].path == path)
        #expect(images[0].sha256 == Self.sum)
        #expect(images[0].bytes == 5 && images[0].width == 3 && images[0].height == 4 && images[0].line == 1)
        #expect(images.totalBytes == 5)
    }

    @Test(arguments: [
        (#""name":"acme/x/a.png""#, "images/acme/x/a.png", "acme/x/a.png"),
        (#""name":"a.png""#, "images/acme/a.png", "a.png"), (#""name":"../a.png""#, "images/b/a.png", "a.png"),
        (#""name":7"#, "images/b/a.png", "a.png"), (#""title":"b""#, "images/b/\(id).png", "\(id).png"),
        (#""name":"acme/\#(id).png""#, "images/acme/\(id).png", "acme/\(id).png"),
    ]) func nameBelowTheOutputDirectoryIsWhatWasRecorded(field: String, path: String, name: String) throws {
        let text = record(path: "\"\(path)\"").replacing(#""bytes":5"#, with: #"\#(field),"bytes":5"#)
        let image = try images(text)[0]
        #expect(image.path == path)
        #expect(image.name == name)
        #expect(ImageVerifier(directory: "other/", deep: false).path(of: image) == "other/\(name)")
        #expect(ImageVerifier(deep: false).path(of: image) == path)
    }

    /// To the system they are two names, and to a person they may look the same.
    @Test func pathsThatLookAlikeAreTwo() throws {
        let other = Self.id.dropLast() + "2"
        let second = record(path: "\"images/e\u{301}.png\"").replacing(Self.id, with: other)
        let images = try images(record(path: "\"images/\u{e9}.png\"") + "\n" + second + "\n")
        let paths = (0..<images.count).map { Array(images[$0].path.utf8) }
        #expect(paths == ["images/\u{e9}.png", "images/e\u{301}.png"].map { Array($0.utf8) })
    }

    @Test func escapesInAPathAreRead() throws {
        #expect(try images(record(path: #""a\"\u00e9\\/x""#))[0].path == "a\"é\\/x")
    }

    @Test(arguments: [
        (#"["irregular_png"]"#, true), (#"["dimension_mismatch", "irregular_png"]"#, true),
        (#"["dimension_mismatch"]"#, false), ("[]", false), (#""irregular_png""#, false),
        (#"[["irregular_png"]]"#, false), (#"{"irregular_png":1}"#, false), ("null", false),
    ]) func warningOfAnIrregularImageIsRead(warnings: String, expected: Bool) throws {
        let record = record(path: "\"x\"")
        let warned = record.replacing(#""polls":1"#, with: #""warnings":\#(warnings),"polls":1"#)
        #expect(try !images(record)[0].isIrregular)
        #expect(try images(warned)[0].isIrregular == expected)
    }

    @Test func recordThatDoesNotTellAllOfItsImageIsNone() throws {
        for text in [
            record(path: "7"), record(path: "\"\""), record(path: "\"a\\u0000b\""), record(path: "\"images/\""),
            record(path: "\"x\"", bytes: "-1"), record(path: "\"x\"", bytes: "9223372036854775807"),
            record(path: "\"x\"", width: "4294967296"), record(path: "\"x\"", sum: "00"),
            record(path: "\"x\"", sum: Self.sum.uppercased()),
        ] {
            #expect(throws: ResultsError.self, "\(text)") { try images(text + "\n") }
        }
    }
}
