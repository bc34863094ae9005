import Glibc
import Testing
import TestSupport

@testable import Files

/// What is found out before anything is made.
@Suite struct NewFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.write("", to: "plain")
        try #require(symlink("nowhere/at/all", folder("link")) == 0)
    }

    private func error(_ path: String) -> SystemError? {
        do throws(SystemError) {
            try NewFile.check(path, durability: .full)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatCouldBeCreatedIsFine() throws {
        #expect(error(folder("new")) == nil)
        #expect(error(folder("./new")) == nil)
        #expect(try folder.names() == ["link", "plain"])
    }

    @Test func reasonsAreThoseOfTheSystem() {
        #expect(error(folder("none/new")) == SystemError(ENOENT))
        #expect(error(folder("plain/new")) == SystemError(ENOTDIR))
        #expect(error(folder("new/")) == SystemError(EISDIR))
        #expect(error(folder("link")) == SystemError(ENOENT))
        #expect(error("") == SystemError(ENOENT))
    }

    @Test func roomIsThatOfTheNearestDirectory() throws {
        let room = try #require(FreeSpace.bytes(at: folder.path))
        #expect(room > 0)
        #expect(FreeSpace.bytes(at: folder("none/at/all")) != nil)
        #expect(FreeSpace.bytes(at: "not-here/at/all") != nil)
        #expect(FreeSpace.bytes(at: folder("plain/below")) == nil)
        // A file system without storage has no room.
        #expect(FreeSpace.bytes(at: "/proc/none") == 0)
    }

    @Test func lookAtALockKeepsNobodyFromIt() throws {
        let path = try folder.write("", to: "lock")
        let (first, second) = (try Descriptor.open(path, O_RDWR), try Descriptor.open(path, O_RDWR))
        #expect(try !first.isLocked())
        try second.lock()
        #expect(try first.isLocked())
        #expect(throws: SystemError(EWOULDBLOCK)) { try first.checkLock() }
        #expect(throws: SystemError(EWOULDBLOCK)) { try first.lockIfPossible() }
    }
}

/// A check refuses what the thing itself refuses, in the same words, and changes nothing.
@Suite struct CheckedFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.write("kept", to: "plain")
        try #require(mkdir(folder("sub"), 0o700) == 0)
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        try #require(symlink("plain", folder("link")) == 0)
    }

    private static let names = [
        "new", "plain", "sub", "sub/new", "fifo", "link", "none/new", "plain/new", "new/", "sub/", ".", "..", "sub/..",
        String(repeating: "x", count: 300),
    ]

    @Test(arguments: names) func lock(name: String) throws {
        let before = try folder.names()
        let found = refusal { try RunLock.check(folder(name)) }
        #expect(try folder.names() == before)
        #expect(found == refusal { _ = try RunLock.take(folder(name)) })
    }

    @Test func lockThatIsHeld() throws {
        let lock = try RunLock.take(folder("plain"))
        #expect(throws: RunLockError.held(path: folder("plain"))) { try RunLock.check(folder("plain")) }
        withExtendedLifetime(lock) {}
    }

    @Test(arguments: names) func replacedFile(name: String) throws {
        _ = try folder.write("half", to: ReplacedFile.temporaryName(7))
        let before = try folder.names()
        let found = refusal { _ = try ReplacedFile.check(folder(name), noun: "the file") }
        #expect(try folder.names() == before)
        #expect(
            found == refusal { _ = try ReplacedFile(folder(name), noun: "the file", mode: 0o644, durability: .none) })
    }
}
