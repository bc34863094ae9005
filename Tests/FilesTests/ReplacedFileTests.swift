import Glibc
import Testing
import TestSupport

@testable import Files

@Suite struct ReplacedFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func prepare(_ path: String, durability: Durability = .full) throws(OutputError) -> ReplacedFile {
        try ReplacedFile(path, noun: "the file", mode: 0o644, durability: durability)
    }

    @Test(arguments: Durability.allCases)
    func fileIsReplacedByAnotherOne(durability: Durability) throws {
        let path = try folder.write("old", to: "file")
        let old = try #require(folder.status("file"))
        let file = try prepare(path, durability: durability)
        #expect(try folder.text("file") == "old")
        try file.replace(with: Array("new".utf8))
        #expect(try folder.text("file") == "new")
        // Whoever has the old one open goes on reading it.
        #expect(folder.status("file")?.st_ino != old.st_ino)
        #expect(try folder.names() == ["file"])
    }

    @Test func nothingIsLeftByThePreparation() throws {
        _ = try prepare(folder("file"))
        #expect(try folder.names() == [])
    }

    @Test func whatAKilledRunHasLeftIsRemovedAndNothingElse() throws {
        let kept = [".pictory-fetch-0.tmp.gz", ".pictory-fetch-.tmp", ".pictory-fetch-00ff.tmp", "ff.tmp", ".tmp"]
        for name in kept + [ReplacedFile.temporaryName(0xFF)] { _ = try folder.write("half", to: name) }
        _ = try prepare(folder("file"))
        #expect(try folder.names() == kept.sorted())
    }

    @Test func whatARunIsWritingIsLeft() throws {
        let name = ReplacedFile.temporaryName(0xFF)
        let other = try Descriptor.open(try folder.write("half", to: name), O_WRONLY)
        #expect(try other.lockAsInUse())
        _ = try prepare(folder("file"))
        #expect(try folder.names() == [name])
    }

    @Test func whatIsNoRegularFileIsRefusedAndKept() throws {
        _ = try folder.write("precious", to: "target")
        try #require(symlink("target", folder("link")) == 0)
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        try #require(mkdir(folder("directory"), 0o700) == 0)
        for name in ["link", "fifo", "directory"] {
            let error = #expect(throws: OutputError.self) { try prepare(folder(name)) }
            #expect(error?.description == "the file \(folder(name)) is no regular file, and would be replaced by one")
        }
        #expect(throws: OutputError.self) { try prepare("/dev/null") }
        #expect(try folder.names() == ["directory", "fifo", "link", "target"])
        #expect(try folder.text("target") == "precious")
    }

    @Test(arguments: [
        ("", "No such file or directory"), ("none/file", "No such file or directory"), ("file/", "Is a directory"),
        ("plain/file", "Not a directory"), ("sub/..", nil), (".", nil),
        (String(repeating: "x", count: 300), "File name too long"),
    ])
    func pathsThatCannotBeFilesAreRefused(name: String, reason: String?) throws {
        _ = try folder.write("", to: "plain")
        try #require(mkdir(folder("sub"), 0o700) == 0)
        let path = name.isEmpty ? "" : folder(name)
        let error = #expect(throws: OutputError.self) { try prepare(path) }
        if let reason {
            #expect(error?.description == "the file \(path) cannot be written: \(reason)")
        }
    }

    @Test func directoryThatVanishesIsReportedAndLeavesNothing() throws {
        try #require(mkdir(folder("sub"), 0o700) == 0)
        let file = try prepare(folder("sub/file"))
        try #require(rmdir(folder("sub")) == 0)
        #expect(throws: SystemError(ENOENT)) { try file.replace(with: [1]) }
        #expect(try folder.names() == [])
    }

    @Test func failedReplacementLeavesTheNameAndNoStray() throws {
        let file = try prepare(folder("file"))
        // The name is taken meanwhile by what no file can replace.
        try #require(mkdir(folder("file"), 0o700) == 0)
        #expect(throws: SystemError(EISDIR)) { try file.replace(with: [1]) }
        #expect(try folder.names() == ["file"])
    }

    @Test func contentsAreReadUpToTheLimit() throws {
        let file = try prepare(folder("file"))
        #expect(file.contents(limit: 10) == nil)
        try file.replace(with: Array(repeating: 7, count: 10))
        #expect(file.contents(limit: 10) == Array(repeating: 7, count: 10))
        #expect(file.contents(limit: 9) == nil)
        _ = try folder.write("elsewhere", to: "target")
        try #require(unlink(folder("file")) == 0 && symlink("target", folder("file")) == 0)
        #expect(file.contents(limit: 10) == nil)
    }
}
