@testable import FetchCore

/// The refusals (429) of one origin in one run, as they arrived.
struct NightRefusals {
    /// When the refusals began that no answer has interrupted yet.
    private var since: Duration?
    private var longest: Duration = .zero
    /// The time from the first refusal in a row to the latest moment that was named.
    private var longestNamed: Duration = .zero
    private var quiet: ClosedRange<Duration>?

    /// Takes in how a request ended that has just come back; nil for a good answer.
    mutating func note(_ failure: JobFailure?, at now: Duration) {
        guard let failure, failure.httpStatus == 429 else {
            // Silence is no answer.
            if failure == nil || failure?.httpStatus != nil { since = nil }
            return
        }
        let begin = since ?? now
        since = begin
        longest = max(longest, now - begin)
        guard let named = failure.retryAfter, named > .zero else { return }
        longestNamed = max(longestNamed, now + named - begin)
        if quiet.map({ $0.upperBound < now + named }) ?? true { quiet = now...now + named }
    }

    /// Whether a request may not go out now, for a time was named that has not come yet.
    ///
    /// What was decided while the refusal arrived may still go out.
    func forbid(_ now: Duration) -> Bool {
        guard let quiet else { return false }
        return now > quiet.lowerBound + .milliseconds(100) && now < quiet.upperBound
    }

    /// A request takes less than a second, and the run counts from when it sent the first that was refused.
    func areEnough(for limit: Duration) -> Bool {
        longest + .seconds(1) >= limit || longestNamed > limit
    }
}

extension Result where Failure == JobFailure {
    var failure: JobFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
