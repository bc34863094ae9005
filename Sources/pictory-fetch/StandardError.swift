import Glibc
import Logging
import Synchronization

/// Everything that is said to people goes through here, so that log lines and live progress never mix.
final class StandardError: Sendable {
    /// Standard error is a terminal.
    let isTerminal: Bool
    /// The terminal cannot draw over a line.
    let isDumb: Bool
    /// The live line now on the screen, if any.
    private let live = Mutex("")
    private let form = Mutex(LogFormat.text)

    init() {
        isTerminal = isatty(STDERR_FILENO) == 1
        isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    }

    /// The form of what is said; text until the settings are known that say otherwise.
    var format: LogFormat {
        get { form.withLock { $0 } }
        set { form.withLock { $0 = newValue } }
    }

    /// Writes one or more whole lines, above the live line.
    func say(_ text: String) {
        live.withLock { live in
            write((live.isEmpty ? "" : Self.clear) + text + "\n" + live)
        }
    }

    /// Shows the live line in place of the last one; empty takes it away. Only for terminals.
    func show(_ line: String) {
        live.withLock { live in
            guard line != live else { return }
            live = line
            write(Self.clear + line)
        }
    }

    /// To the line's beginning, and erase the line.
    private static let clear = "\r\u{1B}[2K"

    /// Columns of the terminal now; 80 when it does not say.
    var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                // Nobody is there to be told that standard error is gone.
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}

/// Log lines as a person reads them: the program's name, the level if it is bad, and the message, which says in words
/// whatever matters of the metadata.
struct PlainLogHandler: LogHandler {
    let output: StandardError
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(output: StandardError, level: Logger.Level) {
        self.output = output
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let level = event.level >= .warning ? "\(event.level): " : ""
        output.say("pictory-fetch: \(level)\(event.message)")
    }
}
