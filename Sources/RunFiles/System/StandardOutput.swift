import Glibc

/// Standard output, for what is no record.
public enum StandardOutput {
    /// Writes all of the bytes, or throws a sentence that says why not.
    public static func write(_ bytes: [UInt8]) throws(OutputFault) {
        do {
            try Descriptor.copy(of: STDOUT_FILENO).writeAll(bytes.span.bytes)
        } catch {
            throw OutputFault("standard output could not be written: \(error)")
        }
    }
}
