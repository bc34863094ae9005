import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Images

/// What becomes of the bytes of an image, from the first to its name.
@Suite(.timeLimit(.minutes(1))) struct ImagePartTests: MakesParts {
    let folder: TemporaryFolder
    let images: ImageDirectory
    private let png = SmallPNG.bytes()

    init() throws {
        folder = try TemporaryFolder()
        images = try ImageDirectory.open(folder("out"))
    }

    @Test(arguments: Durability.allCases, [1, 7, 1000])
    func imageIsProvenAndPublished(durability: Durability, size: Int) throws {
        let images = try ImageDirectory.open(folder("out") + "//", durability: durability)
        let part = try makePart(in: images)
        for start in stride(from: 0, to: png.count, by: size) {
            try part.write(png.span.bytes.extracting(start..<min(start + size, png.count)))
        }
        let image = try part.prove()
        #expect(image.path == folder("out/\(Self.name)"))
        #expect(image.bytes == png.count)
        #expect((image.width, image.height) == (1, 1))
        #expect(image.sha256.utf8.count == 64)
        try part.sync()
        #expect(folder.status("out/\(Self.name)") == nil)
        try part.publish()
        try images.syncDirectories()
        #expect(try folder.names(in: "out") == [Self.name])
        #expect(try folder.read("out/\(Self.name)") == png)
        #expect(openDescriptors(leadingTo: folder("out/")) == 0)
        part.discard()
        #expect(try folder.names(in: "out") == [Self.name])
    }

    @Test(arguments: [("/tmp", "/tmp/"), ("/", "/"), (".", "./"), ("images/", "images/")])
    func pathIsJoinedWithOneSlash(directory: String, joined: String) throws {
        let images = ImageDirectory(
            try Descriptor.open(folder("out"), O_RDONLY | O_DIRECTORY), path: directory, durability: .none,
            syncsAtOnce: 1, randomNumber: { 1 })
        let part = images.makePart(for: try Sample.id())
        try part.write(png.span.bytes)
        #expect(try part.prove().path == joined + Self.name)
    }

    @Test func nothingIsCreatedBeforeTheFirstByte() throws {
        let part = try makePart()
        let nothing: [UInt8] = []
        try part.write(nothing.span.bytes)
        #expect(try folder.names(in: "out").isEmpty)
        let error = #expect(throws: JobFailure.self) { try part.prove() }
        #expect(error?.code == .truncated)
        #expect(error?.stage == .download)
        try part.sync()
        part.discard()
    }

    @Test func partNameIsHiddenAndItsOwn() throws {
        let parts = [try makePart(), try makePart()]
        for part in parts { try part.write(png.span.bytes) }
        let names = try folder.names(in: "out")
        #expect(names.count == 2)
        #expect(names.allSatisfy { PartName($0) != nil && $0.contains(Sample.idText) })
    }

    @Test func discardRemovesThePartAtOnce() throws {
        let part = try makePart()
        try part.write(png.span.bytes)
        part.discard()
        #expect(try folder.names(in: "out").isEmpty)
        #expect(openDescriptors(leadingTo: folder("out/")) == 0)
        part.discard()
    }

    @Test func partThatIsLetGoOfIsRemoved() throws {
        do {
            let part = try makePart()
            try part.write(png.span.bytes)
            #expect(try folder.names(in: "out").count == 1)
        }
        #expect(try folder.names(in: "out").isEmpty)
        #expect(openDescriptors(leadingTo: folder("out/")) == 0)
    }

    @Test func brokenImagesAreClassified() throws {
        let html = try makePart()
        var error = #expect(throws: JobFailure.self) { try html.write(Array("<html>".utf8).span.bytes) }
        #expect(error?.code == .notPNG)
        #expect(error?.stage == .download)
        #expect(try folder.names(in: "out").isEmpty)

        var flipped = png
        flipped[30] ^= 1
        let corrupt = try makePart()
        error = #expect(throws: JobFailure.self) { try corrupt.write(flipped.span.bytes) }
        #expect(error?.code == .corruptPNG)

        let short = try makePart()
        try short.write(png.span.bytes.extracting(0..<png.count - 1))
        error = #expect(throws: JobFailure.self) { try short.prove() }
        #expect(error?.code == .truncated)
        #expect(error?.message.isEmpty == false)
    }

    /// The failure of an image that comes in pieces of this size.
    private func failure(of bytes: [UInt8], pieces size: Int) throws -> JobFailure? {
        let part = try makePart()
        do throws(JobFailure) {
            for start in stride(from: 0, to: bytes.count, by: size) {
                try part.write(bytes.span.bytes.extracting(start..<min(start + size, bytes.count)))
            }
            _ = try part.prove()
            return nil
        } catch {
            // Neither a second end nor further bytes make another thing of it.
            #expect(throws: error) { try part.prove() }
            #expect(try folder.names(in: "out").isEmpty == (error.code != .truncated && error.code != .corruptPNG))
            return error
        }
    }

    @Test(
        arguments: [
            ("isom", FailureCode.notAnImageJob), ("mp42", .notAnImageJob), ("qt  ", .notAnImageJob), ("avif", .notPNG),
            ("heic", .notPNG),
        ], [1, 3, 100])
    func videoIsTold(sample: (brand: String, code: FailureCode), size: Int) throws {
        let bytes: [UInt8] = [0, 0, 0, 0x18] + Array("ftyp\(sample.brand)".utf8) + [0, 0, 2, 0]
        #expect(try failure(of: bytes, pieces: size)?.code == sample.code)
    }

    @Test(arguments: [1, 2, 7, 1000])
    func anotherKindOfImageIsReadToItsEndAndLeavesNothing(size: Int) throws {
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 3, count: 700)
        let found = try failure(of: jpeg, pieces: size)
        #expect(found?.message == "What came is a JPEG, not a PNG.")
        #expect(found?.cause == .otherImage(sha256: "2b2d95728674505ef13abdfe5782bf86d0e2520623d82cde6203e8f0e69ae468"))
    }

    /// The first bytes are on disk by then, if they come one at a time.
    @Test(arguments: [1, 4, 1000])
    func damagedSignatureLeavesNothing(size: Int) throws {
        var damaged = png
        damaged.remove(at: 4)
        let found = try failure(of: damaged, pieces: size)
        #expect(found?.code == .notPNG)
        #expect(found?.cause == nil)
        #expect(found?.message.contains("changed on the way") == true)
    }

    @Test(arguments: [1, 1000])
    func beginningOfASignatureIsTruncated(size: Int) throws {
        #expect(try failure(of: Array(png.prefix(7)), pieces: size)?.code == .truncated)
    }

    @Test(arguments: [1, 7, 10_000])
    func irregularImageIsWrittenWholeAndSaysWhy(size: Int) throws {
        let bytes = png + Array("trailing bytes".utf8)
        let part = try makePart()
        for start in stride(from: 0, to: bytes.count, by: size) {
            try part.write(bytes.span.bytes.extracting(start..<min(start + size, bytes.count)))
        }
        let image = try part.prove()
        #expect(image.bytes == bytes.count)
        #expect(image.irregularity == "Bytes follow the end of the image, at byte \(png.count).")
        try part.publish()
        #expect(try folder.read("out/\(Self.name)") == bytes)
        let sound = try makePart()
        try sound.write(png.span.bytes)
        #expect(try sound.prove().irregularity == nil)
    }

    @Test func nameForTheSystemIsTheName() throws {
        let id = try Sample.id()
        #expect(ImagePart.withName(of: id) { String(cString: $0) } == ImagePart.name(of: id))
    }
}
