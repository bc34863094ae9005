import Glibc
import Testing
import TestSupport

@testable import Files

@Suite struct RunLockTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func secondHolderIsRefusedAndTheLockIsFreeAfterTheFirst() throws {
        let path = folder("lock")
        do {
            let first = try RunLock.take(path)
            #expect(throws: RunLockError.held(path: path)) { try RunLock.take(path) }
            withExtendedLifetime(first) {}
        }
        _ = try RunLock.take(path)
        #expect(try folder.names() == ["lock"])
    }

    @Test func fileThatExistsKeepsItsBytes() throws {
        let path = try folder.write("somebody's", to: "lock")
        _ = try RunLock.take(path)
        #expect(try folder.text("lock") == "somebody's")
    }

    @Test func fileThatMayOnlyBeReadCanBeLocked() throws {
        let path = try folder.write("", to: "lock")
        try #require(chmod(path, 0o444) == 0)
        let lock = try RunLock.take(path)
        #expect(throws: RunLockError.held(path: path)) { try RunLock.take(path) }
        withExtendedLifetime(lock) {}
    }

    @Test func whatIsNoRegularFileIsRefused() throws {
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        for (path, reason) in [
            (folder("fifo"), "it is no regular file"), ("/dev/null", "it is no regular file"),
            (folder.path, "Is a directory"), (folder("none/lock"), "No such file or directory"),
        ] {
            #expect(throws: RunLockError.unusable(path: path, reason: reason)) { try RunLock.take(path) }
        }
    }
}
