import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Images

@Suite struct ImageDirectoryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: ["a", "a/b/c", "a//b/./c/", "a/../b"], Durability.allCases)
    func missingDirectoriesAreCreated(path: String, durability: Durability) throws {
        _ = try ImageDirectory.open(folder(path), durability: durability)
        #expect(try folder.names(in: path).isEmpty)
    }

    @Test func existingDirectoryKeepsItsFiles() throws {
        try #require(mkdir(folder("images"), 0o777) == 0)
        for name in ["a.png", ".hidden.part", ".pictory-fetch-x.part"] {
            _ = try folder.write("x", to: "images/\(name)")
        }
        _ = try ImageDirectory.open(folder("images"))
        #expect(try folder.names(in: "images") == [".hidden.part", ".pictory-fetch-x.part", "a.png"])
    }

    @Test func directoryMayBeALink() throws {
        try #require(mkdir(folder("real"), 0o777) == 0)
        try #require(symlink("real", folder("link")) == 0)
        let images = try ImageDirectory.open(folder("link"))
        #expect(throws: Never.self) { try images.syncDirectories() }
    }

    @Test func imageIsAPlainFileUnderItsLowerCaseName() throws {
        let images = try ImageDirectory.open(folder("images"))
        let id = try Sample.id()
        #expect(images.imageBytes(of: id) == nil)
        let name = "images/\(Sample.idText).png"
        _ = try folder.write("12345", to: name)
        #expect(images.imageBytes(of: id) == 5)
        #expect(images.imageBytes(of: try Sample.id(Sample.idText.uppercased())) == 5)
        #expect(images.imageBytes(of: try Sample.id(Sample.otherIDText)) == nil)
        try #require(rename(folder(name), folder("elsewhere")) == 0)
        #expect(images.imageBytes(of: id) == nil)
        try #require(symlink(folder("elsewhere"), folder(name)) == 0)
        #expect(images.imageBytes(of: id) == nil)
        try #require(unlink(folder(name)) == 0 && mkdir(folder(name), 0o700) == 0)
        #expect(images.imageBytes(of: id) == nil)
    }

    @Test(arguments: ["file", "file/below", "/proc/none", ""])
    func whatCannotBeADirectoryIsReported(path: String) throws {
        _ = try folder.write("x", to: "file")
        let path = path.hasPrefix("file") ? folder(path) : path
        let error = #expect(throws: OutputError.self) { try ImageDirectory.open(path) }
        #expect(error?.description.hasPrefix("the output directory \(path) cannot be used: ") == true)
        #expect(try folder.text("file") == "x")
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func directoryThatCannotBeWrittenIsReported() throws {
        try #require(mkdir(folder("images"), 0o555) == 0)
        #expect(throws: OutputError.self) { try ImageDirectory.open(folder("images")) }
    }

    @Test func namesAreSynced() throws {
        for durability in Durability.allCases {
            let images = try ImageDirectory.open(folder("images"), durability: durability)
            #expect(throws: Never.self) { try images.syncDirectories() }
        }
    }

    @Test(arguments: [
        "a", "a/b/c", "a//b/./c/", "a/../b", "there", "there/b", "file", "file/below", "link", "link/b", "",
    ]) func checkRefusesWhatTheDirectoryRefusesAndCreatesNothing(path: String) throws {
        _ = try folder.write("x", to: "file")
        try #require(mkdir(folder("there"), 0o777) == 0)
        try #require(symlink("nowhere", folder("link")) == 0)
        let before = try folder.names()
        let path = path.isEmpty ? "" : folder(path)
        func sentence(_ work: () throws(OutputError) -> Void) -> String? {
            do {
                try work()
                return nil
            } catch {
                return error.description
            }
        }
        let found = sentence { () throws(OutputError) in _ = try ImageDirectory.check(path) }
        #expect(try folder.names() == before)
        #expect(try folder.names(in: "there") == [])
        #expect(found == sentence { () throws(OutputError) in _ = try ImageDirectory.open(path) })
    }

    @Test func imagesAreFoundByACheck() throws {
        #expect(try ImageDirectory.check(folder("images"))?.path == nil)
        try #require(mkdir(folder("images"), 0o777) == 0)
        _ = try folder.write("12345", to: "images/\(Sample.idText).png")
        #expect(try ImageDirectory.check(folder("images"))?.imageBytes(of: Sample.id()) == 5)
    }
}
