/// How long a job in progress waits for its next poll.
///
/// The API asks for a poll every 10 to 30 seconds. The interval begins at `first` and grows by half with each poll up
/// to `longest`; within a step it is drawn evenly, so that jobs which were read together drift apart. It is never
/// below `first` and never above `longest`.
public struct PollingInterval: Sendable, Equatable {
    public let first: Duration
    public let longest: Duration

    /// `longest` below `first` counts as `first`.
    public init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = max(first, longest)
    }

    /// The interval after the given number of polls, from 1; `jitter` is drawn evenly from 0..<1.
    ///
    /// With 10 s and 30 s: 10–15 s, 15–22.5 s, 22.5–30 s, and from then on 24–30 s.
    public func interval(afterPolls polls: Int, jitter: Double) -> Duration {
        var low = first
        for _ in 1..<max(polls, 1) where low < longest {
            low = low * 1.5
        }
        let high = min(longest, low * 1.5)
        if low >= longest {
            low = max(first, longest * 0.8)
        }
        return low + (high - low) * jitter
    }

    /// The pause before the next poll of a job that is waited for during `timeLeft` more.
    ///
    /// The last poll comes when no time is left. If a whole interval would leave less than `first` before it, the rest
    /// is cut into two equal pauses, so that the last poll does not come too soon after the one before.
    public func pause(afterPolls polls: Int, timeLeft: Duration, jitter: Double) -> Duration {
        let interval = interval(afterPolls: polls, jitter: jitter)
        if timeLeft >= interval + first { return interval }
        return timeLeft <= longest ? timeLeft : timeLeft / 2
    }
}
