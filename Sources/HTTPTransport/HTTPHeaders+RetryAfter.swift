import FetchCore
import NIOHTTP1

extension HTTPHeaders {
    /// How long to wait before the next request; nil if the server does not say. `now` is our own clock's time.
    func retryAfter(now: () -> Timestamp) -> Duration? {
        guard let value = first(name: "Retry-After") else { return nil }
        return RetryAfter.parse(value, date: first(name: "Date"), now: now())
    }
}
