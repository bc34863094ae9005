import Glibc

/// Temporary files of runs that were killed, or could not remove them.
///
/// A run holds a lock on each of its temporary files, and the lock ends with the process, however that ends; see
/// ``Descriptor/lockAsInUse()``.
public enum AbandonedFiles {
    /// What the name of every temporary file begins with.
    private static let firstByte = CChar(bitPattern: UInt8(ascii: "."))

    /// Removes them from a directory, and leaves alone those of a run that still goes on, and what has another name.
    ///
    /// What cannot be listed or removed stays for the next run: it keeps nobody from their work.
    public static func remove(from directory: Descriptor, where isTemporary: (String) -> Bool) {
        for name in names(in: directory) where isTemporary(name) {
            do {
                // A link or a FIFO of this name is not ours. Over NFS, only who may write may lock.
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

    private static func names(in directory: Descriptor) -> [String] {
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
            // There may be a million images, whose names are not worth a string each.
            guard entry.pointee.d_name.0 == firstByte else { continue }
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
                })
        }
        return names
    }
}

extension Descriptor {
    /// Locks a new temporary file; false if another run took it for an abandoned one before that.
    public func lockAsInUse() throws(SystemError) -> Bool {
        do {
            try Self.retrying { flock(number, LOCK_EX | LOCK_NB) }
        } catch let error where error.code == EWOULDBLOCK {
            return false
        } catch {
            // A file system without locks: no run can lock the file, so none takes it for abandoned.
            return true
        }
        return try status().st_nlink > 0
    }
}
