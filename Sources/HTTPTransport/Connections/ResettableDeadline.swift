import NIOCore

/// A deadline that can be moved, and calls back when it has passed.
///
/// Almost no request reaches its deadline. So the loop's timer stays as it is when the deadline moves to a later time,
/// and is set anew only when it fires: a request costs no timer. Belongs to one event loop.
final class ResettableDeadline {
    private let loop: any EventLoop
    private let whenPassed: () -> Void
    private var deadline: NIODeadline?
    private var timer: (fires: NIODeadline, task: Scheduled<Void>)?
    private var isGracePeriod = false

    /// The time that the loop gets after the deadline, to read bytes that have arrived by then.
    ///
    /// A thread that was stopped, or delayed by a disk, wakes with its timers overdue and the replies unread.
    private static let gracePeriod: TimeAmount = .milliseconds(1)

    init(on loop: any EventLoop, whenPassed: @escaping () -> Void) {
        self.loop = loop
        self.whenPassed = whenPassed
    }

    /// Moves the deadline; nil for none.
    func set(_ deadline: NIODeadline?) {
        self.deadline = deadline
        isGracePeriod = false
        guard let deadline else { return }
        if let timer {
            guard deadline < timer.fires else { return }
            timer.task.cancel()
        }
        startTimer(until: deadline)
    }

    /// Ends the timer, which holds this object until then.
    func cancel() {
        deadline = nil
        timer?.task.cancel()
        timer = nil
    }

    private func startTimer(until time: NIODeadline) {
        timer = (time, loop.assumeIsolated().scheduleTask(deadline: time) { self.check() })
    }

    private func check() {
        timer = nil
        guard let deadline else { return }
        let now = NIODeadline.now()
        if now < deadline {
            startTimer(until: deadline)
        } else if isGracePeriod {
            self.deadline = nil
            whenPassed()
        } else {
            isGracePeriod = true
            startTimer(until: now + Self.gracePeriod)
        }
    }
}
