import FetchCore

/// Monotonic time since the run began.
struct SystemClock: RunClock {
    private let start = ContinuousClock.now

    func now() -> Duration {
        ContinuousClock.now - start
    }

    func sleep(until moment: Duration) async {
        // Only cancellation ends the sleep early, and then the run is over.
        try? await Task.sleep(until: start + moment, clock: .continuous)
    }
}
