import Glibc

/// Finds out whether a file could be created, and creates none.
public enum NewFile {
    /// Fails as the creation of a file of this path would, as far as that can be known before; nothing has the name yet.
    ///
    /// Under full durability its directory has to be readable too, for it is synced.
    public static func check(_ path: String, durability: Durability = .none) throws(SystemError) {
        guard !TypedPath.lastName(of: path).isEmpty else { throw SystemError(path.isEmpty ? ENOENT : EISDIR) }
        // A link that leads nowhere has the name.
        guard faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 else { throw SystemError(ENOENT) }
        try checkDirectory(TypedPath.parent(of: path), durability: durability)
    }

    /// Fails as the creation of a name in this directory would.
    public static func checkDirectory(_ path: String, durability: Durability = .none) throws(SystemError) {
        let mode = W_OK | X_OK | (durability == .full ? R_OK : 0)
        // The dot makes anything else than a directory an error.
        try Descriptor.retrying { faccessat(AT_FDCWD, TypedPath.joined(path, "."), mode, CInt(AT_EACCESS)) }
    }
}

/// The room on a file system.
public enum FreeSpace {
    /// Bytes that this user may still write where a path leads, or would lead once it is made: of its nearest directory
    /// that exists; nil when the system does not say.
    public static func bytes(at path: String) -> Int64? {
        var nearest = path
        while true {
            var status = statvfs()
            if statvfs(nearest, &status) == 0 {
                let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
                return overflow ? .max : Int64(clamping: bytes)
            }
            let parent = TypedPath.parent(of: nearest)
            guard errno == ENOENT, parent != nearest else { return nil }
            nearest = parent
        }
    }
}
