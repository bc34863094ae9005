import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Images

/// What is in the way of an image or of its part, and what becomes of the directory meanwhile.
@Suite(.timeLimit(.minutes(1))) struct ImagePartPlaceTests: MakesParts {
    let folder: TemporaryFolder
    let images: ImageDirectory
    private let png = SmallPNG.bytes()

    init() throws {
        folder = try TemporaryFolder()
        images = try ImageDirectory.open(folder("out"))
    }

    @Test func linkAtTheTargetIsReplacedAndNotFollowed() throws {
        let target = try folder.write("precious", to: "target")
        try #require(symlink(target, folder("out/\(Self.name)")) == 0)
        try publish(try makePart())
        #expect(try folder.text("target") == "precious")
        #expect(try folder.read("out/\(Self.name)") == png)
        #expect(try #require(folder.status("out/\(Self.name)")).isRegularFile)
    }

    @Test func hardLinkAtTheTargetIsLeftWithItsOtherName() throws {
        let target = try folder.write("precious", to: "target")
        try #require(link(target, folder("out/\(Self.name)")) == 0)
        try publish(try makePart())
        #expect(try folder.text("target") == "precious")
        #expect(try folder.read("out/\(Self.name)") == png)
    }

    @Test func fifoAtTheTargetIsReplacedWithoutWaiting() throws {
        try #require(mkfifo(folder("out/\(Self.name)"), 0o600) == 0)
        try publish(try makePart())
        #expect(try folder.read("out/\(Self.name)") == png)
    }

    @Test func directoryAtTheTargetIsAFailureThatLeavesNothing() throws {
        try #require(mkdir(folder("out/\(Self.name)"), 0o777) == 0)
        let part = try makePart()
        let error = #expect(throws: JobFailure.self) { try publish(part) }
        #expect(error?.code == .writeFailed)
        #expect(error?.stage == .store)
        #expect(error?.message == "The image could not be renamed to \(Self.name): Is a directory.")
        #expect(error?.stopsRun == false)
        part.discard()
        #expect(try folder.names(in: "out") == [Self.name])
    }

    @Test(arguments: ["link", "fifo", "directory", "file"])
    func takenPartNameIsNeitherFollowedNorOpened(kind: String) throws {
        let numbers = NumberSource([5, 5, 6])
        let images = try ImageDirectory.open(folder("out"), durability: .none, randomNumber: { numbers.next() })
        let taken = "out/" + PartName(id: try Sample.id(), number: 5).text
        switch kind {
        case "link": try #require(symlink(folder("target"), folder(taken)) == 0)
        case "fifo": try #require(mkfifo(folder(taken), 0o600) == 0)
        case "directory": try #require(mkdir(folder(taken), 0o700) == 0)
        default: _ = try folder.write("precious", to: taken)
        }
        try publish(try makePart(in: images))
        #expect(try folder.read("out/\(Self.name)") == png)
        #expect(folder.status("target") == nil)
        #expect(try #require(folder.status(taken)).st_size != off_t(png.count))
        #expect(try folder.names(in: "out").count == 2)
    }

    @Test func partNamesThatAreAllTakenAreAFailure() throws {
        let images = try ImageDirectory.open(folder("out"), durability: .none, randomNumber: { 5 })
        _ = try folder.write("x", to: "out/" + PartName(id: try Sample.id(), number: 5).text)
        let part = try makePart(in: images)
        let error = #expect(throws: JobFailure.self) { try part.write(png.span.bytes) }
        #expect(error?.code == .writeFailed)
    }

    @Test func movedDirectoryIsStillTheSame() throws {
        let part = try makePart()
        try part.write(png.span.bytes)
        try #require(rename(folder("out"), folder("moved")) == 0)
        try #require(mkdir(folder("out"), 0o777) == 0)
        _ = try part.prove()
        try part.publish()
        #expect(try folder.names(in: "moved") == [Self.name])
        #expect(try folder.names(in: "out").isEmpty)
    }

    @Test func removedDirectoryIsAFailure() throws {
        try #require(rmdir(folder("out")) == 0)
        let part = try makePart()
        let error = #expect(throws: JobFailure.self) { try part.write(png.span.bytes) }
        #expect(error?.code == .writeFailed)
        #expect(error?.message == "The image could not be written: No such file or directory.")
    }

    @Test func imageIsReadableAsTheUmaskAllows() throws {
        let mask = try currentUmask()
        try publish(try makePart())
        #expect(try #require(folder.status("out/\(Self.name)")).st_mode & 0o777 == 0o666 & ~mask)
    }
}
