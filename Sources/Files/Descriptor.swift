public import Glibc
import Synchronization

/// An open file, which is closed when its last owner lets go of it.
public final class Descriptor: Sendable {
    public let number: CInt

    /// Why a sync has failed. It is never tried again: the kernel may have dropped the pages that it could not write, and
    /// a second attempt would report success for bytes that are lost.
    private let syncError = Mutex<SystemError?>(nil)

    /// Takes over an open descriptor.
    public init(owning number: CInt) {
        self.number = number
    }

    deinit {
        // What matters has been synced by now, and Linux frees the number whatever `close` returns.
        _ = close(number)
    }

    /// Opens a file, close-on-exec; a relative path starts at `directory`, or else at the working directory.
    public static func open(
        _ path: String, _ flags: CInt, mode: mode_t = 0, in directory: Descriptor? = nil
    ) throws(SystemError) -> Descriptor {
        let start = directory?.number ?? AT_FDCWD
        return Descriptor(owning: try retrying { openat(start, path, flags | O_CLOEXEC, mode) })
    }

    /// Duplicates a descriptor; the copy's number is above those of the standard streams.
    ///
    /// The program never closes a standard stream, but it may close its own copy of one.
    public static func copy(of number: CInt) throws(SystemError) -> Descriptor {
        Descriptor(owning: try retrying { fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) })
    }

    /// What the file is: its kind, size and owner.
    public func status() throws(SystemError) -> stat {
        var status = stat()
        try Self.retrying { fstat(number, &status) }
        return status
    }

    /// The flags that the file was opened with.
    public func flags() throws(SystemError) -> CInt {
        try Self.retrying { fcntl(number, F_GETFL) }
    }

    /// Reads the next bytes and returns their number: 0 at the end, nil if a non-blocking file has none yet.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
        do {
            return try Self.retrying { Glibc.read(number, buffer.baseAddress, buffer.count) }
        } catch let error where error.code == EAGAIN {
            return nil
        }
    }

    /// Reads to the end, or until a non-blocking file has no more; nil if there are more bytes than `limit`.
    public func readAll(limit: Int) throws(SystemError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var length = 0
        while length < bytes.count {
            let count = try bytes.withUnsafeMutableBufferPointer { (space) throws(SystemError) -> Int? in
                try read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: space[length...])))
            }
            guard let count, count > 0 else { break }
            length += count
        }
        return length > limit ? nil : Array(bytes[..<length])
    }

    /// Writes all bytes: with one call, if the system takes them at once.
    public func writeAll(_ bytes: RawSpan) throws(SystemError) {
        try bytes.withUnsafeBytes { (bytes) throws(SystemError) in
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest)
                do throws(SystemError) {
                    rest = rest.dropFirst(try Self.retrying { write(number, piece.baseAddress, piece.count) })
                } catch let error where error.code == EAGAIN {
                    // Whoever shares the open file has made it non-blocking; that is no reason to lose a record.
                    try waitForRoom()
                }
            }
        }
    }

    /// Brings the bytes and all that is known of the file to stable storage; after one failure it always fails.
    public func sync() throws(SystemError) {
        try syncOnce(with: fsync)
    }

    /// Like ``sync()``, but leaves out what is not needed to read the bytes again, such as times.
    public func syncData() throws(SystemError) {
        try syncOnce(with: fdatasync)
    }

    private func syncOnce(with call: @Sendable (CInt) -> CInt) throws(SystemError) {
        // The lock is held meanwhile, so that a second call cannot miss the first one's failure.
        try syncError.withLock { (failed) throws(SystemError) in
            if let failed { throw failed }
            do throws(SystemError) {
                try Self.retrying { call(number) }
            } catch {
                failed = error
                throw error
            }
        }
    }

    /// Makes the names within this directory durable.
    ///
    /// Some file systems know no sync of a directory and say EINVAL or ENOTSUP; there is then nothing to be done.
    public func syncNames() throws(SystemError) {
        do {
            try sync()
        } catch let error where error.code == EINVAL || error.code == ENOTSUP {
            return
        }
    }

    /// Makes durable the name that a path ends in.
    public static func syncName(ofPath path: String) throws(SystemError) {
        try open(TypedPath.parent(of: path), O_RDONLY | O_DIRECTORY).syncNames()
    }

    private func waitForRoom() throws(SystemError) {
        try wait(for: POLLOUT)
    }

    /// Waits until there is something to read, or the end.
    public func waitForBytes() throws(SystemError) {
        try wait(for: POLLIN)
    }

    private func wait(for events: Int32) throws(SystemError) {
        var wanted = pollfd(fd: number, events: Int16(events), revents: 0)
        try Self.retrying { poll(&wanted, 1, -1) }
    }

    /// Repeats a call while a signal interrupts it, and throws if it returns a negative number.
    @discardableResult
    public static func retrying<Number: SignedInteger>(_ call: () -> Number) throws(SystemError) -> Number {
        while true {
            let result = call()
            if result >= 0 { return result }
            let error = SystemError.last
            guard error.code == EINTR else { throw error }
        }
    }
}
