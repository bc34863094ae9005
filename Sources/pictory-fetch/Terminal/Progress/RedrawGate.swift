/// Lets something happen only so often.
struct RedrawGate {
    /// The least time from one to the next.
    let pause: Duration
    private var last: Duration?

    init(pause: Duration) {
        self.pause = pause
    }

    /// Whether it may happen now; if so, that counts as the last time.
    mutating func admits(at now: Duration) -> Bool {
        if let last, now - last < pause { return false }
        last = now
        return true
    }
}
