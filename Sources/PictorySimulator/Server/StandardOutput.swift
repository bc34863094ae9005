import Glibc

/// Standard output without a buffer, so that nothing is lost or late.
public enum StandardOutput {
    public static func write(_ text: String) throws(SimulatorFailure) {
        var left = Array(text.utf8)[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count >= 0 {
                left = left.dropFirst(count)
            } else if errno != EINTR {
                throw .standardOutput(errno: errno)
            }
        }
    }
}
