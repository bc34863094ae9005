import FetchCore
import Glibc
import Synchronization

/// Everything that is said to people goes through here, so that log lines and live progress never mix.
final class StandardError: Sendable {
    /// Standard error is a terminal.
    let isTerminal: Bool
    /// The terminal cannot draw over a line.
    let isDumb: Bool
    private let live = Mutex(LiveArea())
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

    /// Writes one or more whole lines, above the live area. What names of files and the like could do to a terminal is
    /// shown as an escape.
    func say(_ text: String) {
        write(lines: ForeignText.lines(text))
    }

    /// Writes whole lines as they are, above the live area.
    func write(lines: String) {
        update { live, size in live.above(lines, in: size) }
    }

    /// Shows lines made for the terminal's columns of now, in place of the last ones. Only for terminals that can.
    func show(_ lines: (_ columns: Int) -> [String]) {
        // A terminal that is held (Ctrl-S) would hold the run too, and nothing is lost with a drawing left out.
        guard Self.isForeground, isReady else { return }
        update { live, size in live.show(lines(LiveArea.usableColumns(of: size)), in: size) }
    }

    /// Takes the live area off the screen.
    func clear() {
        update { live, _ in live.clear() }
    }

    /// Takes the live area off the screen if that needs no wait, for a program that ends at once.
    func clearAtOnce() {
        guard Self.isForeground, isReady else { return }
        live.withLockIfAvailable { write($0.clear()) }
    }

    /// From now on Ctrl-Z (SIGTSTP) takes the live area off the screen before it stops the program.
    ///
    /// The handler calls nothing but what POSIX allows in one: it erases from where the cursor rests, shown area or not.
    func clearOnSuspend() {
        guard !ProcessSignals.isIgnored(SIGTSTP) else { return }
        signal(SIGTSTP) { _ in
            let removal = LiveArea.removal
            if StandardError.isForeground {
                _ = Glibc.write(STDERR_FILENO, removal.utf8Start, removal.utf8CodeUnitCount)
            }
            kill(getpid(), SIGSTOP)
        }
    }

    private func update(_ change: (inout LiveArea, LiveArea.Size) -> String) {
        live.withLock { live in
            // In the background the terminal is somebody else's, and what was drawn has moved.
            if isTerminal, !Self.isForeground {
                live = LiveArea()
            }
            write(change(&live, size))
        }
    }

    /// Whether the terminal is ours to draw on; one that does not belong to our session does not say.
    private static var isForeground: Bool {
        let group = tcgetpgrp(STDERR_FILENO)
        return group < 0 || group == getpgrp()
    }

    /// Whether a short write would not wait.
    private var isReady: Bool {
        var wanted = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        return poll(&wanted, 1, 0) == 1 && wanted.revents & Int16(POLLOUT) != 0
    }

    /// The terminal's size now; 80×24 when it does not say.
    private var size: LiveArea.Size {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return LiveArea.Size(columns: 80, rows: 24)
        }
        return LiveArea.Size(columns: Int(size.ws_col), rows: size.ws_row > 0 ? Int(size.ws_row) : 24)
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                // Standard error is gone, and there is no other place to report that.
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
