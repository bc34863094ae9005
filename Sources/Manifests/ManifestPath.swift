import FetchCore
import Files
import Glibc

/// A manifest as it was named on the command line.
struct ManifestPath: Sendable, Equatable {
    /// The path as it was typed, `-` for standard input.
    let text: String

    private var isStandardInput: Bool { text == "-" }

    /// Opens the manifest for reading, without waiting for the writer of a FIFO.
    func open() throws(SystemError) -> Descriptor {
        // A FIFO whose writer has not come yet is not at its end: it is waited for where the wait can be stopped.
        let descriptor =
            try isStandardInput
            ? Descriptor.copy(of: STDIN_FILENO) : Descriptor.open(text, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard try !descriptor.status().isDirectory else { throw SystemError(EISDIR) }
        return descriptor
    }

    /// Finds out whether the manifest can be read, and leaves it as it was.
    func check() throws(SystemError) {
        if isStandardInput {
            let access = try open().flags() & O_ACCMODE
            guard access != O_WRONLY else { throw SystemError(EBADF) }
        } else if try stat(ofPath: text).isFIFO {
            // To open a FIFO and close it again would end its writer with a broken pipe.
            try Descriptor.retrying { faccessat(AT_FDCWD, text, R_OK, CInt(AT_EACCESS)) }
        } else {
            _ = try open()
        }
    }

    /// How many bytes it has now; nil for what has no size, such as a pipe, and for what is not there.
    var size: Int? {
        // If its size cannot be found, reading will tell why.
        guard let status = try? stat(ofInput: text), status.isRegularFile else { return nil }
        return Int(status.st_size)
    }

    /// The path as a shell takes it, for a command that somebody copies; `FILE` for standard input.
    var shellWord: String { isStandardInput ? "FILE" : ShellWord.quoted(ShellWord.path(text)) }

    /// How the manifest is called in a sentence.
    var noun: String {
        isStandardInput ? "standard input" : "the manifest \(text)"
    }
}
