import FetchCore
import Logging
import Records
import Synchronization

/// Tells people of a run under way: log lines, and live progress where it was asked for.
final class RunWatcher: Sendable {
    private let output: StandardError
    private let log: Logger
    private let clock: SystemClock
    private let style: Style
    private let receivedBytes: @Sendable () -> Int64
    private let state: Mutex<State>

    /// How progress is shown.
    enum Style {
        /// A few lines that are drawn over.
        case live
        /// A line of its own now and then.
        case lines
        case none

        /// Redraws come ten times a second at most, lines of their own every five seconds.
        fileprivate var pause: Duration {
            switch self {
            case .live: .milliseconds(100)
            case .lines: .seconds(5)
            case .none: .zero
            }
        }
    }

    private struct State {
        var standing: RunStanding
        /// What came last, which may have been too soon after the one before it to be taken in.
        var latest: Progress?
        /// Keeps the measuring of rates cheap, whatever is shown.
        var measuring = RedrawGate(pause: .milliseconds(100))
        var showing: RedrawGate
    }

    /// `receivedBytes` tells how many bytes of images have arrived by now.
    init(
        output: StandardError, log: Logger, clock: SystemClock, style: Style,
        maxDownloadRate: Int? = nil, receivedBytes: @escaping @Sendable () -> Int64
    ) {
        self.output = output
        self.log = log
        self.clock = clock
        self.style = style
        self.receivedBytes = receivedBytes
        state = Mutex(
            State(
                standing: RunStanding(maxDownloadRate: maxDownloadRate), showing: RedrawGate(pause: style.pause)))
    }

    /// Runs to the end and shows progress all along, also while nothing happens; then takes it off the screen.
    func accompany(_ run: () async -> RunReport) async -> RunReport {
        if style == .live {
            output.clearOnSuspend()
        }
        let report = await runTicking(run)
        output.clear()
        return report
    }

    private func runTicking(_ run: () async -> RunReport) async -> RunReport {
        // Its scope ends with the run: then it is cancelled and waited for.
        async let _ = tick()
        return await run()
    }

    /// Moves clocks, countdowns and the bytes of downloads on, once a second.
    private func tick() async {
        guard style != .none else { return }
        while !Task.isCancelled {
            await clock.sleep(until: .seconds(clock.now().components.seconds + 1))
            let now = clock.now()
            if let latest = state.withLock({ $0.latest }) { note(latest, at: now) }
            show(at: now)
        }
    }

    func notice(_ notice: Notice) {
        switch notice {
        case .progress(let progress):
            let now = clock.now()
            let isTakenIn = state.withLock { state in
                state.latest = progress
                return state.measuring.admits(at: now)
            }
            guard isTakenIn else { return }
            note(progress, at: now)
            show(at: now)
        case .asked(let progress):
            let now = clock.now()
            note(progress, at: now)
            if let text = state.withLock({ ProgressText($0.standing, at: now)?.sentence }) {
                output.tell(.info, text, progress.logFields)
            }
        case .recorded(let records):
            guard log.logLevel <= .info else { return }
            for record in records {
                log.info("\(RunText.line(for: record))", metadata: record.logFields)
            }
        case .retrying(let id, let failure, let delay):
            log.debug(
                "\(id): \(failure.code.rawValue), again in \(Quantity.time(delay)): \(failure.message)",
                metadata: failure.logFields(of: id, after: delay))
        case .askingForFreshURL(let id, let failure):
            log.debug(
                "\(id): \(failure.code.rawValue), asking for a fresh url: \(failure.message)",
                metadata: failure.logFields(of: id))
        case .pausing(let pause, let failure):
            log.debug(
                "pausing for \(Quantity.time(pause)): \(failure.message)", metadata: failure.logFields(after: pause))
        case .askingForTheImageAgain(let id, let failure):
            log.debug(
                "\(id): \(failure.code.rawValue), downloading it again to compare: \(failure.message)",
                metadata: failure.logFields(of: id))
        case .refused(let stage, let lasted, let pause):
            let since = lasted >= .seconds(1) ? " (for \(Quantity.wholeTime(lasted)) now)" : ""
            log.debug(
                "\(RunText.origin(of: stage)) refuses requests\(since), asked again in \(Quantity.time(pause))",
                metadata: Notice.refusalFields(stage, lasted: lasted, after: pause))
        case .closed(let stage, let lasted, let wait):
            let named = wait.map { ", which asks to be left alone for \(Quantity.wholeTime($0))" } ?? ""
            log.debug(
                "\(RunText.origin(of: stage)) refuses requests (for \(Quantity.wholeTime(lasted)) now)\(named): it is not asked again in this run",
                metadata: Notice.refusalFields(stage, lasted: lasted, after: wait))
        case .stopping(let reason):
            state.withLock { $0.standing.stop = reason }
            log.info("\(RunText.sentence(for: reason))")
        }
    }

    private func note(_ progress: Progress, at now: Duration) {
        state.withLock { $0.standing.note(progress, receivedBytes: receivedBytes(), at: now) }
    }

    /// Shows how things stand, if it is time again.
    private func show(at now: Duration) {
        guard style != .none else { return }
        // Drawn within the lock, so that of two threads the one that knows less is not the last to draw.
        state.withLock { state in
            guard let text = ProgressText(state.standing, at: now), state.showing.admits(at: now) else { return }
            switch style {
            case .live: output.show(text.lines(columns:))
            case .lines: output.tell(.info, text.sentence, text.progress.logFields)
            case .none: break
            }
        }
    }
}

extension RunWatcher.Style {
    /// What is shown: as the flag says, on a terminal live.
    ///
    /// Records on a terminal are progress enough, and would stand in the midst of it: then nothing is drawn.
    init(_ mode: RunOptions.ProgressMode, on output: StandardError, isQuiet: Bool, recordsOnTerminal: Bool) {
        let canDraw = output.isTerminal && !output.isDumb && output.format == .text && !recordsOnTerminal
        self =
            switch mode {
            case .auto: canDraw && !isQuiet ? .live : .none
            case .always: canDraw ? .live : .lines
            case .never: .none
            }
    }
}
