import Glibc

/// Part files of runs that were killed.
enum AbandonedParts {
    /// Removes them from an output directory, and leaves alone those of a run that still goes on.
    ///
    /// A run holds a lock on each of its part files, and the lock ends with the process, however that ends.
    static func remove(from directory: Descriptor) throws(SystemError) {
        for name in try names(in: directory) {
            do {
                // A link or a FIFO of this name is not ours. Over NFS, only who may write may lock.
                let part = try Descriptor.open(
                    name.text, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, in: directory)
                guard try part.status().isRegularFile else { continue }
                try Descriptor.retrying { flock(part.number, LOCK_EX | LOCK_NB) }
                try Descriptor.retrying { unlinkat(directory.number, name.text, 0) }
            } catch {
                // In use, gone meanwhile, or somebody else's: none of that keeps this run from its work.
                continue
            }
        }
    }

    private static func names(in directory: Descriptor) throws(SystemError) -> [PartName] {
        // The stream takes over its descriptor and moves its position, so it gets one of its own.
        let own = try Descriptor.retrying { openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard let stream = fdopendir(own) else {
            let error = SystemError.last
            _ = close(own)
            throw error
        }
        defer { _ = closedir(stream) }
        var names: [PartName] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemError.last }
                return names
            }
            // There may be a million images, whose names are not worth a string each.
            guard entry.pointee.d_name.0 == PartName.firstByte else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if let name = PartName(name) { names.append(name) }
        }
    }
}
