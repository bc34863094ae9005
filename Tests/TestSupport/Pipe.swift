import Glibc

/// A pipe whose ends a test closes when it wants.
public final class Pipe {
    public private(set) var readEnd: CInt
    public private(set) var writeEnd: CInt

    public init() throws(SystemCallError) {
        // Otherwise the first write without a reader would end the test process.
        signal(SIGPIPE, SIG_IGN)
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemCallError("pipe") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        closeReadEnd()
        closeWriteEnd()
    }

    /// A path under which the read end can be opened once more.
    public var readPath: String { "/proc/self/fd/\(readEnd)" }
    public var writePath: String { "/proc/self/fd/\(writeEnd)" }

    public func write(_ text: String) throws(SystemCallError) {
        let bytes = Array(text.utf8)
        guard Glibc.write(writeEnd, bytes, bytes.count) == bytes.count else { throw SystemCallError("write") }
    }

    public func read(upTo limit: Int = 4096) -> String {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = Glibc.read(readEnd, &bytes, limit)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    public func closeReadEnd() {
        if readEnd >= 0 { close(readEnd) }
        readEnd = -1
    }

    public func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }
}
