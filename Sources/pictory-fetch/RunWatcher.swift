import FetchCore
import Logging
import Synchronization

/// Tells people of a run under way: log lines, and live progress where it was asked for.
struct RunWatcher: Sendable {
    private let output: StandardError
    private let log: Logger
    private let clock: SystemClock
    private let style: Style
    private let shown = LastShown()

    /// How progress is shown.
    enum Style {
        /// One line that is drawn over.
        case live
        /// A line of its own now and then.
        case lines
        case none
    }

    init(output: StandardError, log: Logger, clock: SystemClock, mode: RunOptions.ProgressMode, quiet: Bool) {
        self.output = output
        self.log = log
        self.clock = clock
        let canDraw = output.isTerminal && !output.isDumb && output.format == .text
        style =
            switch mode {
            case .auto: canDraw && !quiet ? .live : .none
            case .always: canDraw ? .live : .lines
            case .never: .none
            }
    }

    func notice(_ notice: Notice) {
        switch notice {
        case .progress(let progress):
            show(progress)
        case .asked(let progress):
            output.tell(.info, Report.progress(progress, elapsed: clock.now()), progress.logFields)
        case .recorded(let records):
            guard log.logLevel <= .info else { return }
            for record in records {
                log.info("\(Report.line(for: record))", metadata: record.logFields)
            }
        case .retrying(let id, let failure, let delay):
            log.debug(
                "\(id): \(failure.code.rawValue), again in \(Report.time(delay)): \(failure.message)",
                metadata: failure.logFields(of: id, after: delay))
        case .askingForFreshURL(let id, let failure):
            log.debug(
                "\(id): \(failure.code.rawValue), asking for a fresh url: \(failure.message)",
                metadata: failure.logFields(of: id))
        case .pausing(let pause, let failure):
            log.debug(
                "pausing for \(Report.time(pause)): \(failure.message)", metadata: failure.logFields(after: pause))
        case .stopping(let reason):
            log.info("\(Report.sentence(for: reason))")
        }
    }

    /// Takes the live line off the screen.
    func end() {
        if style == .live {
            output.show("")
        }
    }

    /// Redraws at most ten times a second; plain lines come every five seconds at most.
    private func show(_ progress: Progress) {
        let pause: Duration
        switch style {
        case .none: return
        case .live: pause = .milliseconds(100)
        case .lines: pause = .seconds(5)
        }
        let now = clock.now()
        guard shown.isDue(at: now, after: pause) else { return }
        let text = Report.progress(progress, elapsed: now)
        if style == .live {
            // A line that wraps could not be drawn over; the last column is left free.
            output.show(String(text.prefix(max(output.columns - 1, 1))))
        } else {
            output.tell(.info, text, progress.logFields)
        }
    }
}

/// When progress was shown last.
private final class LastShown: Sendable {
    private let moment = Mutex<Duration?>(nil)

    /// Whether it is time again, and if so notes the moment.
    func isDue(at now: Duration, after pause: Duration) -> Bool {
        moment.withLock { moment in
            if let last = moment, now - last < pause { return false }
            moment = now
            return true
        }
    }
}
