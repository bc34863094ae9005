import Glibc

/// The three standard streams, as the program finds them.
enum StandardStreams {
    /// Takes the numbers of streams that are closed, before any other file can get one of them.
    ///
    /// Otherwise records or messages would be written into whatever was opened next: a socket, an image, the results.
    /// Each is opened the wrong way round, so that its use fails as that of a closed stream does.
    static func reserve() {
        // A new file gets the lowest free number, so in this order each gets its own.
        for (number, flags) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(number, F_GETFD) == -1 {
            // Where even /dev/null is missing there is nothing better to put there.
            _ = open("/dev/null", flags)
        }
    }
}
