import Glibc
import TestSupport
import Testing

@testable import Files

@Suite struct WholeFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(_ text: String, to name: String, replacing: Bool = false) throws {
        let file = try WholeFile(folder(name), replacing: replacing)
        try file.descriptor.writeAll(Array(text.utf8).span.bytes)
        try file.publish(durability: .full)
    }

    @Test func appearsWholeUnderItsName() throws {
        let file = try WholeFile(folder("new"), replacing: false)
        try file.descriptor.writeAll(Array("all".utf8).span.bytes)
        #expect(try folder.names().allSatisfy(ReplacedFile.isTemporary))
        try file.publish(durability: .none)
        #expect(try folder.names() == ["new"])
        #expect(try folder.text("new") == "all")
    }

    @Test func oneThatIsLetGoLeavesNothing() throws {
        _ = try folder.write("kept", to: "old")
        for name in ["new", "old"] { _ = try WholeFile(folder(name), replacing: true) }
        #expect(try folder.names() == ["old"])
        #expect(try folder.text("old") == "kept")
    }

    @Test func oneThatExistsIsRefusedOrReplaced() throws {
        _ = try folder.write("old", to: "file")
        #expect(throws: SystemError(EEXIST)) { try write("new", to: "file") }
        #expect(try folder.text("file") == "old")
        try write("new", to: "file", replacing: true)
        #expect(try folder.text("file") == "new")
        #expect(try folder.names() == ["file"])
    }

    @Test func oneThatHasComeMeanwhileStays() throws {
        let file = try WholeFile(folder("file"), replacing: true)
        _ = try folder.write("theirs", to: "file")
        #expect(throws: SystemError(EEXIST)) { try file.publish(durability: .none) }
        #expect(try folder.text("file") == "theirs")
    }

    @Test func oneThatAnotherRunWritesToIsRefused() throws {
        let other = try Descriptor.open(try folder.write("", to: "file"), O_RDWR)
        try other.lock()
        #expect(throws: SystemError(EWOULDBLOCK)) { try write("new", to: "file", replacing: true) }
        withExtendedLifetime(other) {}
        #expect(try folder.names() == ["file"])
    }

    @Test func linkIsFollowedWhereItLeadsToAFile() throws {
        _ = try folder.write("old", to: "file")
        try #require(symlink("file", folder("link")) == 0)
        try #require(symlink("nowhere", folder("loose")) == 0)
        try write("new", to: "link", replacing: true)
        #expect(try folder.text("file") == "new")
        #expect(try #require(folder.status("link")).st_mode & S_IFMT == S_IFLNK)
        #expect(throws: SystemError(ENOENT)) { try write("new", to: "loose", replacing: true) }
        #expect(try folder.names() == ["file", "link", "loose"])
    }

    @Test func modeIsThatOfTheFileReplaced() throws {
        let path = try folder.write("old", to: "file")
        try #require(chmod(path, 0o640) == 0)
        try write("new", to: "file", replacing: true)
        #expect(try #require(folder.status("file")).st_mode & 0o7777 == 0o640)
    }

    @Test(arguments: [("", ENOENT), ("none/new", ENOENT), ("plain/new", ENOTDIR), ("sub/", EISDIR)])
    func wrongPathsAreRefused(name: String, code: Int32) throws {
        _ = try folder.write("", to: "plain")
        #expect(throws: SystemError(code)) {
            _ = try WholeFile(name.isEmpty ? "" : folder(name), replacing: false)
        }
    }
}
