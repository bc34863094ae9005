public import Glibc
import Synchronization

/// How many of this process's open descriptors lead to files whose path begins so, removed ones included.
public func openDescriptors(leadingTo path: String) -> Int {
    numbersOfDescriptors(leadingTo: path).count
}

/// The numbers of this process's open descriptors that lead to files whose path begins so, removed ones included.
public func numbersOfDescriptors(leadingTo path: String) -> [CInt] {
    (0..<4096).filter { number in
        var bytes = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/fd/\(number)", &bytes, bytes.count)
        return length > 0 && bytes[..<length].starts(with: path.utf8.lazy.map(CChar.init(bitPattern:)))
    }
}

/// The process's umask, which cannot be asked for without being changed under the tests that run beside.
public func currentUmask() throws(SystemCallError) -> mode_t {
    guard let file = fopen("/proc/self/status", "r") else { throw SystemCallError("fopen") }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, CInt(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        if text.hasPrefix("Umask:"), let mask = mode_t(text.split(whereSeparator: \.isWhitespace)[1], radix: 8) {
            return mask
        }
    }
    throw SystemCallError("umask")
}

/// Tells whether another thread waits within the kernel, so that a test need not guess how long that takes.
public final class ThreadWatch: Sendable {
    private let path = Mutex<String?>(nil)

    public init() {}

    public func watchThisThread() {
        var bytes = [CChar](repeating: 0, count: 256)
        let length = readlink("/proc/thread-self", &bytes, bytes.count)
        let thread = String(decoding: bytes.prefix(max(length, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        path.withLock { $0 = "/proc/\(thread)/stat" }
    }

    public var isAsleep: Bool {
        guard let path = path.withLock({ $0 }), let file = fopen(path, "r") else { return false }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, CInt(line.count), file) != nil else { return false }
        // The thread's name stands in parentheses, and its state after them.
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.split(separator: ")").last?.hasPrefix(" S") == true
    }
}
