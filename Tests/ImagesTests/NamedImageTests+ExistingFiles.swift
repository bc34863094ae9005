import FetchCore
import Files
import Glibc
import ImageProof
import Testing
import TestSupport

@testable import Images

/// What becomes of a file that has an image's name already.
extension NamedImageTests {
    @Test func imageThatMayReplaceReplaces() throws {
        _ = try folder.write("old", to: "out/a.png")
        try publish("a.png", existing: .replaced)
        #expect(try folder.read("out/a.png") == png)
    }

    @Test func sameFileIsTakenOver() throws {
        try publish("acme/a.png")
        let inode = try #require(folder.status("out/acme/a.png")).st_ino
        try publish("acme/a.png")
        try images.syncDirectories()
        #expect(folder.status("out/acme/a.png")?.st_ino == inode)
        #expect(try folder.names(in: "out") == ["acme"])
        #expect(openDescriptors(leadingTo: folder("out/")) == 0)
    }

    @Test(arguments: ["short", "same length"])
    func anotherFileStaysAndTheNameIsTaken(kind: String) throws {
        let others = kind == "short" ? Array("x".utf8) : [UInt8](repeating: 0, count: png.count)
        _ = try folder.write(others, to: "out/a.png")
        let failure = try failure("a.png")
        #expect(failure.code == .nameTaken && failure.stage == .store && !failure.stopsRun)
        #expect(failure.message.contains("a.png"))
        #expect(try folder.read("out/a.png") == others)
    }

    private static let recorded = ImageMark(bytes: 3, sha256: String(repeating: "0a", count: 32))

    /// Nothing is lost with the job's own image that is cut short, as a full disk or a crash of the system leaves one.
    @Test(arguments: [0, 1, 20]) func recordedImageThatIsCutShortIsReplaced(length: Int) throws {
        let start = Array(png.prefix(length))
        _ = try folder.write(start, to: "out/a.png")
        // Without a record it is a file of somebody else.
        #expect(try failure("a.png").code == .nameTaken)
        #expect(try folder.read("out/a.png") == start)
        try publish("a.png", existing: .kept(unless: Self.recorded))
        #expect(try folder.read("out/a.png") == png)
        #expect(try folder.names(in: "out") == ["a.png"])
    }

    @Test func fileThatBeginsWithTheWholeImageStays() throws {
        _ = try folder.write(png + [0], to: "out/a.png")
        for mark in [nil, Self.recorded] {
            #expect(try failure("a.png", existing: .kept(unless: mark)).code == .nameTaken)
        }
        #expect(try folder.read("out/a.png") == png + [0])
    }

    /// A file of the recorded size may still be another.
    @Test func recordedImageIsReplacedByALaterOneOfTheSameJob() throws {
        let old = [UInt8](repeating: 7, count: 3)
        _ = try folder.write(old, to: "out/a.png")
        #expect(try failure("a.png", existing: .kept(unless: Self.recorded)).code == .nameTaken)
        #expect(try folder.read("out/a.png") == old)
        var sum = ContentSum()
        sum.consume(old.span.bytes)
        try publish("a.png", existing: .kept(unless: ImageMark(bytes: 3, sha256: sum.sha256)))
        #expect(try folder.read("out/a.png") == png)
    }

    @Test func fileThatTheRunWritesIsNoPlaceForAnImage() throws {
        try #require(mkdir(folder("out/acme"), 0o700) == 0)
        let reserved = [folder("out/acme/../acme/summary"), folder("metrics"), folder("none/metrics")]
        let images = try ImageDirectory.open(folder("out"), reserved: reserved)
        for existing in [ImagePlace.ExistingFile.replaced, .kept(unless: nil)] {
            let failure = #expect(throws: JobFailure.self) {
                try publish("acme/summary", existing: existing, in: images)
            }
            #expect(failure?.code == .nameTaken && failure?.message.contains("the run itself writes") == true)
        }
        for name in ["summary", "metrics", "acme/metrics"] { try publish(name, in: images) }
        #expect(try folder.names(in: "out/acme") == ["metrics"])
    }

    @Test func jobsOwnNameIsNoPlaceForItsImageEither() throws {
        let id = try Sample.id()
        let images = try ImageDirectory.open(folder("out"), reserved: [folder("out/\(id).png")])
        let part = images.makePart(for: id)
        try part.write(png.span.bytes)
        _ = try part.prove()
        #expect(#expect(throws: JobFailure.self) { try part.publish() }?.code == .nameTaken)
        part.discard()
        #expect(try folder.names(in: "out") == [])
    }

    @Test func pathThatNoProgramCouldOpenIsRefusedBeforeAByteIsKept() throws {
        let name = Array(repeating: String(repeating: "d", count: 250), count: 17).joined(separator: "/")
        let failure = try failure(name)
        #expect(failure.code == .writeFailed && failure.cause == .impossibleName && !failure.stopsRun)
        #expect(try folder.names(in: "out") == [])
    }

    @Test func linkOrFIFOThatHasTheNameIsNeverFollowed() throws {
        _ = try folder.write(png, to: "target.png")
        try #require(symlink("../target.png", folder("out/link.png")) == 0)
        try #require(symlink("nothing", folder("out/dangling.png")) == 0)
        try #require(mkfifo(folder("out/fifo.png"), 0o600) == 0)
        for name in ["link.png", "dangling.png", "fifo.png"] { #expect(try failure(name).code == .nameTaken) }
        #expect(try folder.names(in: "out") == ["dangling.png", "fifo.png", "link.png"])
        #expect(folder.status("nothing") == nil)
    }
}
