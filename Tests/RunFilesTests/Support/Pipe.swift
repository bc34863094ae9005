import Glibc
import Testing

/// A pipe whose ends a test closes when it wants.
final class Pipe {
    private(set) var readEnd: CInt
    private(set) var writeEnd: CInt

    init() throws {
        // Otherwise the first write without a reader would end the test process.
        signal(SIGPIPE, SIG_IGN)
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        closeReadEnd()
        closeWriteEnd()
    }

    /// A path under which the read end can be opened once more.
    var readPath: String { "/proc/self/fd/\(readEnd)" }
    var writePath: String { "/proc/self/fd/\(writeEnd)" }

    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        try #require(Glibc.write(writeEnd, bytes, bytes.count) == bytes.count)
    }

    func read(upTo limit: Int = 4096) -> String {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = Glibc.read(readEnd, &bytes, limit)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    func closeReadEnd() {
        if readEnd >= 0 { close(readEnd) }
        readEnd = -1
    }

    func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }
}
