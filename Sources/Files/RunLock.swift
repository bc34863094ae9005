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
        do {
            let file = try open(path)
            guard try file.status().isRegularFile else {
                throw RunLockError.unusable(path: path, reason: "it is no regular file")
            }
            // A file system that knows no locks is refused too: whoever asks for one relies on it.
            try Descriptor.retrying { flock(file.number, LOCK_EX | LOCK_NB) }
            return RunLock(file)
        } catch let error as RunLockError {
            throw error
        } catch let error as SystemError where error.code == EWOULDBLOCK {
            throw .held(path: path)
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    /// Opens the file, and creates it if it is missing. One that may only be read can be locked as well, save over NFS.
    private static func open(_ path: String) throws(SystemError) -> Descriptor {
        do {
            return try Descriptor.open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_NOCTTY, mode: 0o666)
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
