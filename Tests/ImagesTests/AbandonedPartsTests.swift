import FetchCore
import Glibc
import Testing
import TestSupport

@testable import Images

@Suite struct AbandonedPartsTests {
    private let folder: TemporaryFolder
    private let name: String

    init() throws {
        folder = try TemporaryFolder()
        name = PartName(id: try Sample.id(), number: 7).text
    }

    @Test func partOfAKilledRunIsRemoved() throws {
        _ = try folder.write("half an image", to: name)
        _ = try folder.write("whole", to: "a.png")
        try ImageDirectory.open(folder.path).removeAbandonedParts()
        #expect(try folder.names() == ["a.png"])
    }

    @Test func partOfARunThatGoesOnIsLeft() throws {
        let running = try ImageDirectory.open(folder.path)
        let part = running.makePart(for: try Sample.id())
        let png = SmallPNG.bytes()
        try part.write(png.span.bytes)
        try ImageDirectory.open(folder.path).removeAbandonedParts()
        #expect(try folder.names().count == 1)
        _ = try part.prove()
        try part.publish()
        #expect(try folder.names() == ["\(Sample.idText).png"])
    }

    @Test func whatIsNoFileIsLeft() throws {
        let target = try folder.write("precious", to: "target")
        try #require(symlink(target, folder(name)) == 0)
        let fifo = PartName(id: try Sample.id(), number: 8).text
        try #require(mkfifo(folder(fifo), 0o600) == 0)
        let directory = PartName(id: try Sample.id(), number: 9).text
        try #require(mkdir(folder(directory), 0o700) == 0)
        try ImageDirectory.open(folder.path).removeAbandonedParts()
        #expect(try folder.names() == [name, fifo, directory, "target"].sorted())
    }

    @Test func onlyOurNamesAreRecognised() throws {
        #expect(name == ".pictory-fetch-\(Sample.idText)-0000000000000007.part")
        #expect(PartName(name)?.text == name)
        for other in [
            "", "a.png", "\(Sample.idText).png", ".pictory-fetch-.part", "x\(name)", "\(name)x",
            name.replacing("0b7e", with: "zzzz"), name.replacing("-0000000000000007", with: "-07"),
        ] {
            #expect(PartName(other) == nil)
        }
    }
}
