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

    /// Whether the manifest is the very file that has this status, whatever it is called.
    func isSameFile(as other: stat) throws(SystemError) -> Bool {
        let own = try status()
        return own.st_dev == other.st_dev && own.st_ino == other.st_ino
    }

    /// How many bytes it has now; nil for what has no size, such as a pipe, and for what is not there.
    var size: Int? {
        // What cannot be asked for its size has none that is known, and reading it will tell why.
        guard let status = try? status(), status.isRegularFile else { return nil }
        return Int(status.st_size)
    }

    private func status() throws(SystemError) -> stat {
        try isStandardInput ? Descriptor.copy(of: STDIN_FILENO).status() : stat(ofPath: text)
    }

    /// How the manifest is called in a sentence.
    var noun: String {
        isStandardInput ? "standard input" : "the manifest \(text)"
    }
}
