import FetchCore
public import Files
import Glibc

extension ResultFile {
    /// Fails as ``open(_:replacing:manifests:durability:shard:words:clock:)`` would now; creates, empties and locks
    /// nothing.
    ///
    /// What is no regular file is not opened: its other end would notice that. So a FIFO without a reader is not found.
    public static func check(
        _ path: String, replacing: Bool = false, manifests: [String] = [], durability: Durability = .full
    ) throws(OutputError) {
        guard path != "-" else { return try checkStandardOutput() }
        try refusing(noun(for: path)) { () throws(SystemError) in
            guard let status = try existing(path, durability) else { return }
            guard status.isRegularFile else {
                guard !status.isDirectory else { throw SystemError(EISDIR) }
                try Descriptor.retrying { faccessat(AT_FDCWD, path, W_OK, CInt(AT_EACCESS)) }
                return
            }
            let file = try openWithoutWaiting(path)
            try judge(status, replacing: replacing, manifests: manifests)
            try file.checkLock()
        }
    }

    /// Refuses a standard output that cannot be written to.
    public static func checkStandardOutput() throws(OutputError) {
        try refusing("standard output") { () throws(SystemError) in _ = try writableStandardOutput() }
    }

    /// What stands at a path; nil where a file could be created.
    static func existing(_ path: String, _ durability: Durability) throws(SystemError) -> stat? {
        do {
            return try stat(ofPath: path)
        } catch let error where error.code == ENOENT {
            try NewFile.check(path, durability: durability)
            return nil
        }
    }
}
