import Glibc

/// A call of the system that a test relies on, and that has failed.
public struct SystemCallError: Error, CustomStringConvertible {
    public let description: String

    init(_ call: String) {
        description = "\(call): \(String(cString: strerror(errno)))"
    }
}
