import Files
import Glibc

extension Descriptor {
    /// Opens a regular file, and nothing else: a FIFO would wait for its writer, and a link is no image of ours,
    /// wherever it leads. Nil if it is anything else.
    static func openImage(_ path: String, in directory: Descriptor? = nil) throws(SystemError) -> Descriptor? {
        // Checked before it is opened, for opening a device may start it, and after, for it may have been replaced.
        var status = stat()
        try retrying { fstatat(directory?.number ?? AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) }
        guard status.isRegularFile else { return nil }
        let file = try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, in: directory)
        return try file.status().isRegularFile ? file : nil
    }

    /// Reads the file from its position to its end, block by block.
    func readBlocks(_ consume: (RawSpan) -> Void) throws(SystemError) {
        // The system then reads further ahead; whether it takes the advice changes nothing.
        _ = posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL)
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockSize, alignment: 4096)
        defer { block.deallocate() }
        while let count = try read(into: block), count > 0 {
            consume(UnsafeRawBufferPointer(rebasing: block[..<count]).bytes)
        }
    }

    /// Bytes that are read at once: enough for the full speed of a disk.
    private static let blockSize = 512 << 10
}
