public import Glibc

extension stat {
    /// Whether this is a plain file, the only kind with bytes of its own to sync or to replace.
    public var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
    public var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    public var isSymbolicLink: Bool { st_mode & S_IFMT == S_IFLNK }
    public var isFIFO: Bool { st_mode & S_IFMT == S_IFIFO }

    /// What a path leads to; symbolic links are followed.
    public init(ofPath path: String) throws(SystemError) {
        self.init()
        try Descriptor.retrying { fstatat(AT_FDCWD, path, &self, 0) }
    }

    /// What an input is; `-` is standard input.
    public init(ofInput path: String) throws(SystemError) {
        self = path == "-" ? try Descriptor.copy(of: STDIN_FILENO).status() : try stat(ofPath: path)
    }

    /// Whether both are the same file, by whatever name.
    public func isSameFile(as other: stat) -> Bool {
        st_dev == other.st_dev && st_ino == other.st_ino
    }

    /// Whether this is the file that one of the inputs leads to; `-` is standard input.
    public func isOne(ofInputs paths: [String]) throws(SystemError) -> Bool {
        for path in paths where try isSameFile(as: stat(ofInput: path)) { return true }
        return false
    }
}
