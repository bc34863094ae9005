import Glibc
import Testing
import TestSupport

@testable import Files

@Suite(.timeLimit(.minutes(1))) struct TemporaryFileTests {
    private let folder: TemporaryFolder
    private let directory: Descriptor

    init() throws {
        folder = try TemporaryFolder()
        directory = try Descriptor.open(folder("."), O_RDONLY | O_DIRECTORY)
    }

    private func make(_ name: String = ".new") throws(SystemError) -> TemporaryFile {
        try TemporaryFile(in: directory, mode: 0o640) { name }
    }

    // MARK: Its real name

    @Test func fileIsRenamedIntoAnotherDirectory() throws {
        try #require(mkdir(folder("sub"), 0o700) == 0)
        let other = try Descriptor.open(folder("sub"), O_RDONLY | O_DIRECTORY)
        try make().rename(to: "a", in: other)
        try make().renameToFreeName("b", in: other)
        #expect(try folder.names() == ["sub"])
        #expect(try folder.names(in: "sub") == ["a", "b"])
    }

    @Test func nameThatIsNotFreeStaysWhatItIs() throws {
        _ = try folder.write("precious", to: "file")
        try #require(symlink("nothing", folder("link")) == 0)
        try #require(mkdir(folder("directory"), 0o700) == 0)
        let file = try make()
        for name in ["file", "link", "directory"] {
            #expect(throws: SystemError(EEXIST)) { try file.renameToFreeName(name, in: directory) }
        }
        #expect(try folder.text("file") == "precious")
        #expect(try folder.names() == [".new", "directory", "file", "link"])
    }

    // MARK: Making one

    @Test func fileIsNewAndEmptyAndHasTheMode() throws {
        let file = try make()
        let status = try #require(folder.status(".new"))
        #expect(file.name == ".new")
        #expect(status.st_size == 0)
        // The tests may run under any umask.
        #expect(status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o7777 & ~0o640 == 0)
    }

    @Test func nameThatIsTakenIsLeftAloneAndTheNextIsTried() throws {
        _ = try folder.write("precious", to: "file")
        _ = try folder.write("precious", to: "target")
        try #require(symlink("target", folder("link")) == 0)
        try #require(symlink("nothing", folder("dangling")) == 0)
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        try #require(mkdir(folder("directory"), 0o700) == 0)
        var names = ["file", "link", "dangling", "fifo", "directory", "free"][...]
        let file = try TemporaryFile(in: directory, mode: 0o600) { names.removeFirst() }
        #expect(file.name == "free")
        try file.descriptor.writeAll([1, 2, 3].span.bytes)
        #expect(try folder.text("file") == "precious")
        #expect(try folder.text("target") == "precious")
        #expect(try folder.names() == ["dangling", "directory", "fifo", "file", "free", "link", "target"])
    }

    @Test func namesThatAreAllTakenAreAnErrorInTheEnd() throws {
        _ = try folder.write("", to: "taken")
        var attempts = 0
        #expect(throws: SystemError(EEXIST)) {
            try TemporaryFile(in: directory, mode: 0o600) {
                attempts += 1
                return "taken"
            }
        }
        #expect(attempts == 8)
    }

    @Test(arguments: [
        ("missing/file", ENOENT), (String(repeating: "n", count: 256), ENAMETOOLONG), ("file/x", ENOTDIR),
    ])
    func anyOtherErrorIsThrownAtOnce(name: String, code: CInt) throws {
        _ = try folder.write("", to: "file")
        var attempts = 0
        #expect(throws: SystemError(code)) {
            try TemporaryFile(in: directory, mode: 0o600) {
                attempts += 1
                return name
            }
        }
        #expect(attempts == 1)
        #expect(try folder.names() == ["file"])
    }

    // MARK: The lock

    @Test func fileIsLockedAsLongAsItIsOpen() throws {
        let other: Descriptor
        do {
            let file = try make()
            other = try Descriptor.open(folder(file.name), O_WRONLY)
            #expect(try !other.lockAsInUse())
        }
        #expect(try other.lockAsInUse())
    }

    @Test func fileThatWasRemovedBeforeTheLockIsNotTaken() throws {
        let file = try Descriptor.open(try folder.write("", to: "file"), O_WRONLY)
        try #require(unlink(folder("file")) == 0)
        #expect(try !file.lockAsInUse())
    }

    @Test func fileThatCannotBeLockedIsTaken() throws {
        // Linux's O_PATH, which Glibc does not show. Such a descriptor only names its file and cannot lock it.
        let path: CInt = 0o10000000
        let file = try Descriptor.open(try folder.write("", to: "file"), path)
        #expect(try file.lockAsInUse())
    }

    // MARK: Its end

    @Test(arguments: ["nothing", "file", "link", "fifo"]) func realNameIsGivenInOneStep(standing: String) throws {
        switch standing {
        case "file": _ = try folder.write("old", to: "real")
        case "link": try #require(symlink("target", folder("real")) == 0)
        case "fifo": try #require(mkfifo(folder("real"), 0o600) == 0)
        default: break
        }
        _ = try folder.write("precious", to: "target")
        let file = try make()
        try file.descriptor.writeAll(Array("new".utf8).span.bytes)
        try file.rename(to: "real")
        #expect(try folder.names() == ["real", "target"])
        #expect(folder.status("real").map { $0.st_mode & S_IFMT } == S_IFREG)
        #expect(try folder.text("real") == "new")
        #expect(try folder.text("target") == "precious")
    }

    @Test(arguments: [
        ("directory", EISDIR), ("missing/real", ENOENT), (String(repeating: "n", count: 256), ENAMETOOLONG),
    ])
    func fileThatCannotGetItsNameKeepsTheTemporaryOne(name: String, code: CInt) throws {
        try #require(mkdir(folder("directory"), 0o700) == 0)
        let file = try make()
        #expect(throws: SystemError(code)) { try file.rename(to: name) }
        #expect(try folder.names() == [".new", "directory"])
    }

    @Test func fileIsRemovedOnce() throws {
        let file = try make()
        try file.remove()
        #expect(try folder.names() == [])
        #expect(throws: SystemError(ENOENT)) { try file.remove() }
        #expect(throws: SystemError(ENOENT)) { try file.rename(to: "real") }
    }

    // MARK: Those of killed runs

    @Test func onlyAbandonedFilesOfTheRightNameAreRemoved() throws {
        _ = try folder.write("half", to: ".part-abandoned")
        _ = try folder.write("half", to: ".other")
        _ = try folder.write("half", to: "part-shown")
        _ = try folder.write("precious", to: "target")
        try #require(symlink("target", folder(".part-link")) == 0)
        try #require(mkfifo(folder(".part-fifo"), 0o600) == 0)
        try #require(mkdir(folder(".part-directory"), 0o700) == 0)
        let used = try make(".part-used")
        TemporaryFile.removeAbandoned(from: directory) { $0.hasPrefix(".part-") || $0.hasPrefix("part-") }
        let kept = [".other", ".part-directory", ".part-fifo", ".part-link", used.name, "part-shown", "target"]
        #expect(try folder.names() == kept)
    }

    @Test func fileThatIsGoneBeforeItIsOpenedHoldsUpNoOther() throws {
        let names = [".part-1", ".part-2", ".part-3"]
        for name in names { _ = try folder.write("half", to: name) }
        var isFirst = true
        TemporaryFile.removeAbandoned(from: directory) { name in
            if isFirst, name.hasPrefix(".part-") {
                isFirst = false
                #expect(unlink(folder(name)) == 0)
            }
            return name.hasPrefix(".part-")
        }
        #expect(try folder.names() == [])
    }

    @Test func everyRunOfTheSweepSeesAllNames() throws {
        // The position in a directory belongs to the open file; a sweep must not leave it at the end.
        for number in 1...2 {
            _ = try folder.write("half", to: ".part-\(number)")
            TemporaryFile.removeAbandoned(from: directory) { $0.hasPrefix(".part-") }
            #expect(try folder.names() == [])
        }
    }

    @Test func directoryThatCannotBeListedIsLeftAlone() throws {
        let file = try Descriptor.open(try folder.write("half", to: ".part-1"), O_RDONLY)
        TemporaryFile.removeAbandoned(from: file) { name in
            Issue.record("\(name) was found in a file")
            return true
        }
        #expect(try folder.names() == [".part-1"])
    }
}
