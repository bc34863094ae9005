import CLinux
import Glibc

/// A new file under a temporary name, which gets its real name in one step once it is whole.
///
/// Whoever looks at the real name sees the old file or the new one, and never a part. The temporary file is locked as
/// long as it is open, and the lock ends with the process, however that ends: so a later run can tell the files that a
/// killed run has left from those of a run that goes on.
public struct TemporaryFile: Sendable {
    public let descriptor: Descriptor
    /// The temporary name. It begins with a dot, which hides it from patterns such as `*.png`.
    public let name: String
    private let directory: Descriptor

    /// How often a free name is looked for. Once is enough, unless somebody guesses the names.
    private static let attemptLimit = 8

    /// Creates an empty file in the directory, under the first free name that `makeName` gives.
    ///
    /// What has a name already is neither followed nor opened, also if it is a link or a FIFO.
    public init(in directory: Descriptor, mode: UInt32, makeName: () -> String) throws(SystemError) {
        for _ in 0..<Self.attemptLimit {
            let name = makeName()
            let descriptor: Descriptor
            do {
                descriptor = try Descriptor.open(
                    name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode, in: directory)
            } catch let error where error.code == EEXIST {
                continue
            }
            guard try descriptor.lockAsInUse() else { continue }
            self.descriptor = descriptor
            self.name = name
            self.directory = directory
            return
        }
        throw SystemError(EEXIST)
    }

    /// Gives the file its real name, in the same directory or in another one of the same file system.
    ///
    /// A file, a symbolic link or a FIFO of that name is replaced; a directory of that name is an error. The new name
    /// is durable once its directory is synced.
    public func rename(to finalName: String, in other: Descriptor? = nil) throws(SystemError) {
        try Descriptor.retrying { renameat(directory.number, name, (other ?? directory).number, finalName) }
    }

    /// The same, but whatever has the name already stays, and is an error (`EEXIST`).
    public func renameToFreeName(_ finalName: String, in other: Descriptor) throws(SystemError) {
        do {
            try Descriptor.retrying {
                renameat2(directory.number, name, other.number, finalName, rename_without_replacing)
            }
        } catch let error where error.code == EINVAL || error.code == ENOSYS {
            // NFS and others know no such rename. A second name is never given in place of a first one either.
            try Descriptor.retrying { linkat(directory.number, name, other.number, finalName, 0) }
            // What stays of the first name is removed as abandoned.
            try? remove()
        }
    }

    /// Removes the file. One that cannot be removed is left to a later run, see ``removeAbandoned(from:where:)``.
    public func remove() throws(SystemError) {
        try Descriptor.retrying { unlinkat(directory.number, name, 0) }
    }

    /// Removes the temporary files that killed runs have left in a directory. Blocks.
    ///
    /// The files of a run that goes on stay, and so does whatever has another name. What cannot be listed or removed
    /// stays for the next run, and is no error.
    public static func removeAbandoned(from directory: Descriptor, where isTemporary: (String) -> Bool) {
        for name in hiddenNames(in: directory) where isTemporary(name) {
            do {
                // A link or a FIFO of this name is not ours. Opened for writing, or NFS would not lock it.
                let file = try Descriptor.open(name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, in: directory)
                guard try file.status().isRegularFile else { continue }
                try Descriptor.retrying { flock(file.number, LOCK_EX | LOCK_NB) }
                try Descriptor.retrying { unlinkat(directory.number, name, 0) }
            } catch {
                // In use, gone meanwhile, or somebody else's.
                continue
            }
        }
    }

    /// The names in a directory that begin with a dot. A million other names, of images, would cost a string each.
    private static func hiddenNames(in directory: Descriptor) -> [String] {
        // The stream takes over its descriptor and moves its position, so it gets one of its own.
        let own = openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { return [] }
        guard let stream = fdopendir(own) else {
            _ = close(own)
            return []
        }
        defer { _ = closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard entry.pointee.d_name.0 == CChar(bitPattern: UInt8(ascii: ".")) else { continue }
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
                })
        }
        return names
    }
}

extension Descriptor {
    /// Locks a new temporary file; false if another run has removed it as abandoned.
    func lockAsInUse() throws(SystemError) -> Bool {
        do {
            try Self.retrying { flock(number, LOCK_EX | LOCK_NB) }
        } catch let error where error.code == EWOULDBLOCK {
            return false
        } catch {
            // A file system without locks: no run can lock the file, so no run will remove it as abandoned.
            return true
        }
        return try status().st_nlink > 0
    }
}
