import Glibc

/// The lock that keeps a run from starting while another one goes on.
///
/// It is the kernel's (flock), so it ends with the process, however that ends. The file is created if it is missing and
/// never removed: a run that starts at that moment could lock a file that no later run finds. Nothing is written to it,
/// for it may be any file of the user's.
public final class RunLock: Sendable {
    private let file: Descriptor

    private init(_ file: Descriptor) {
        self.file = file
    }

    /// Takes the lock without waiting; it is held until the last reference goes.
    public static func take(_ path: String) throws(RunLockError) -> RunLock {
        try refusing(path) {
            let file = try open(path, O_CREAT)
            guard try file.status().isRegularFile else { throw notAFile(path) }
            // A file system that knows no locks is refused too: whoever asks for one relies on it.
            try file.lock()
            return RunLock(file)
        }
    }

    /// Fails as ``take(_:)`` would now; creates no file and holds no lock.
    public static func check(_ path: String) throws(RunLockError) {
        try refusing(path) {
            do {
                let status = try stat(ofPath: path)
                // To open a FIFO would be noticed at its other end.
                guard status.isRegularFile || status.isDirectory else { throw notAFile(path) }
            } catch let error as SystemError where error.code == ENOENT {
                return try NewFile.check(path)
            }
            if try open(path).isLocked() { throw RunLockError.held(path: path) }
        }
    }

    private static func refusing<Part>(_ path: String, _ take: () throws -> Part) throws(RunLockError) -> Part {
        do {
            return try take()
        } catch let error as RunLockError {
            throw error
        } catch let error as SystemError where error.code == EWOULDBLOCK {
            throw .held(path: path)
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    private static func notAFile(_ path: String) -> RunLockError {
        .unusable(path: path, reason: "it is no regular file")
    }

    /// Opens the file; `O_CREAT` creates one that is missing. One that may only be read can be locked as well, save over
    /// NFS.
    private static func open(_ path: String, _ creation: CInt = 0) throws(SystemError) -> Descriptor {
        do {
            return try Descriptor.open(path, O_RDWR | creation | O_NONBLOCK | O_NOCTTY, mode: 0o666)
        } catch let error where error.code == EACCES || error.code == EROFS {
            // Where the file is missing this fails too, and then the first reason is the one that helps.
            guard let file = try? Descriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY) else { throw error }
            return file
        }
    }
}

/// Why the lock was not taken.
public enum RunLockError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another run holds it.
    case held(path: String)
    /// It cannot be created or locked at all.
    case unusable(path: String, reason: String)

    public var description: String {
        switch self {
        case .held(let path): "another run holds the lock \(path); this one has done nothing"
        case .unusable(let path, let reason): "the lock \(path) cannot be taken: \(reason)"
        }
    }
}
