import NIOCore

/// A clock that rings when a moment has passed which is moved on again and again.
///
/// Almost no request runs into its limit, so the loop's timer is left as it is when the moment moves on, and only looks
/// again when it rings: a request costs no timer. Belongs to one event loop.
final class Alarm {
    private let loop: any EventLoop
    private let ring: () -> Void
    private var due: NIODeadline?
    private var timer: (moment: NIODeadline, task: Scheduled<Void>)?
    private var isLastLook = false

    /// What the loop is given after the moment has passed, to take in bytes that have arrived by then.
    ///
    /// A thread that was stopped, or held up by a disk, wakes with its timers overdue and the replies unread.
    private static let lastLook: TimeAmount = .milliseconds(1)

    init(on loop: any EventLoop, ring: @escaping () -> Void) {
        self.loop = loop
        self.ring = ring
    }

    /// Moves the moment; nil for none.
    func set(_ moment: NIODeadline?) {
        due = moment
        isLastLook = false
        guard let moment else { return }
        if let timer {
            guard moment < timer.moment else { return }
            timer.task.cancel()
        }
        arm(at: moment)
    }

    /// Lets go of everything that it holds.
    func cancel() {
        due = nil
        timer?.task.cancel()
        timer = nil
    }

    private func arm(at moment: NIODeadline) {
        timer = (moment, loop.assumeIsolated().scheduleTask(deadline: moment) { self.look() })
    }

    private func look() {
        timer = nil
        guard let due else { return }
        let now = NIODeadline.now()
        if now < due {
            arm(at: due)
        } else if isLastLook {
            self.due = nil
            ring()
        } else {
            isLastLook = true
            arm(at: now + Self.lastLook)
        }
    }
}
