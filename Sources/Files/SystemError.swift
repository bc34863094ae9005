import Glibc

/// A failed call of the operating system, by its `errno`.
public struct SystemError: Error, Equatable {
    /// A value of `errno`, such as `ENOSPC`.
    public let code: CInt

    public init(_ code: CInt) {
        self.code = code
    }

    /// The error that the calling thread's last failed call has left behind.
    public static var last: SystemError {
        SystemError(errno)
    }

    /// Whether there is no room left, on the disk or within the user's quota.
    public var isDiskFull: Bool {
        code == ENOSPC || code == EDQUOT
    }

    /// Whether the process, or the machine, has no room for one more open file.
    public var isTooManyOpenFiles: Bool {
        code == EMFILE || code == ENFILE
    }

    /// Whether the file system as a whole is at fault: it is full, broken or only to be read.
    public var isAboutFileSystem: Bool {
        isDiskFull || code == EIO || code == EROFS
    }

    /// Whether the file system has no room in a name for this one, or takes no such characters.
    public var isAboutName: Bool {
        switch code {
        case ENAMETOOLONG, EINVAL, EILSEQ: true
        default: false
        }
    }

    /// Whether the error concerns this one file only: something has its name, it is larger than a limit of the process
    /// allows, or too many files are open just now. Any other error of a write concerns the disk or the directory.
    public var isAboutOneFile: Bool {
        switch code {
        case EISDIR, ENOTEMPTY, EEXIST, ENAMETOOLONG, ELOOP, EFBIG, EMFILE, ENFILE, ENOMEM: true
        default: false
        }
    }
}

extension SystemError: CustomStringConvertible {
    /// The system's own words, such as `No space left on device`.
    public var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            guard let start = text.baseAddress, strerror_r(code, start, text.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: start)
        }
    }
}

/// Why an output cannot be created; found before the first request, and ends the program.
public struct OutputError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence for a person, which names the output.
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
