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

    /// Whether another file might fare better: something stands in the way of this one, it is too large for a limit of
    /// the process, or too many are open just now. Any other failure to write is the disk's or the directory's.
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
