import FetchCore
import FoundationEssentials
import NIOHTTP1

extension HTTPHeaders {
    /// How long to wait before the next request; nil if the server does not say.
    var retryAfter: Duration? {
        guard let value = first(name: "Retry-After") else { return nil }
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        return RetryAfter.parse(value, date: first(name: "Date"), now: now)
    }
}
