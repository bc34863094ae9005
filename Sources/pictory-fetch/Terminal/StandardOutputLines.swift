import FetchCore
import Files
import Glibc

/// Standard output for lines other than records. Each call writes one line or several, in one write.
///
/// SIGPIPE has to be ignored by the program; a reader that went away is then a ``FetchCore/RunFailure/resultsClosed``.
struct StandardOutputLines: Sendable {
    /// Writes whole lines, their newlines included.
    func write(_ lines: [UInt8]) throws(RunFailure) {
        do throws(SystemError) {
            try Descriptor.copy(of: STDOUT_FILENO).writeAll(lines.span.bytes)
        } catch let error where error.code == EPIPE {
            throw .resultsClosed
        } catch {
            throw .resultsNotWritten("standard output could not be written: \(error)")
        }
    }
}
