import Glibc

/// Part files of runs that were killed.
enum AbandonedParts {
    /// Removes them from an output directory, and leaves alone those of a run that still goes on.
    ///
    /// A run holds a lock on each of its part files, and the lock ends with the process, however that ends. What cannot
    /// be listed or removed stays for the next run: it keeps nobody from their work.
    static func remove(from directory: Descriptor) {
        for name in names(in: directory) {
            do {
                // A link or a FIFO of this name is not ours. Over NFS, only who may write may lock.
                let part = try Descriptor.open(
                    name.text, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, in: directory)
                guard try part.status().isRegularFile else { continue }
                try Descriptor.retrying { flock(part.number, LOCK_EX | LOCK_NB) }
                try Descriptor.retrying { unlinkat(directory.number, name.text, 0) }
            } catch {
                // In use, gone meanwhile, or somebody else's.
                continue
            }
        }
    }

    private static func names(in directory: Descriptor) -> [PartName] {
        // The stream takes over its descriptor and moves its position, so it gets one of its own.
        let own = openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { return [] }
        guard let stream = fdopendir(own) else {
            _ = close(own)
            return []
        }
        defer { _ = closedir(stream) }
        var names: [PartName] = []
        while let entry = readdir(stream) {
            // There may be a million images, whose names are not worth a string each.
            guard entry.pointee.d_name.0 == PartName.firstByte else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if let name = PartName(name) { names.append(name) }
        }
        return names
    }
}
