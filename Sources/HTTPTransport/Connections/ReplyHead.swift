import FetchCore
import NIOHPACK
import NIOHTTP1

/// What the head of a reply says, as far as it matters here.
///
/// Of a field that is there more than once the first counts, but for `Content-Encoding`, which is a list.
struct ReplyHead {
    let status: Int
    /// The connection can carry another request after this reply.
    private(set) var isKeptAlive = true
    /// The length of the body that the server has announced, in bytes.
    private(set) var contentLength: Int?
    private(set) var location: String?
    private(set) var contentEncodings: [String] = []
    private var retryAfter: String?
    private var date: String?

    init(_ head: OrdinaryHead) {
        status = OrdinaryHead.status
        isKeptAlive = head.isKeptAlive
        contentLength = head.contentLength
    }

    init(_ head: HTTPResponseHead) {
        status = Int(head.status.code)
        isKeptAlive = head.isKeepAlive
        for (name, value) in head.headers { note(name, value) }
    }

    /// A head of HTTP/2.
    init(status: Int, _ fields: HPACKHeaders) {
        self.status = status
        for (name, value, _) in fields { note(name, value) }
    }

    private mutating func note(_ name: String, _ value: String) {
        // Nearly every field is told from these by its length.
        switch name.utf8.count {
        case 4 where name.utf8.spells("date"): date = date ?? value
        case 8 where name.utf8.spells("location"): location = location ?? value
        case 11 where name.utf8.spells("retry-after"): retryAfter = retryAfter ?? value
        case 14 where name.utf8.spells("content-length"): contentLength = contentLength ?? Int(value)
        case 16 where name.utf8.spells("content-encoding"): contentEncodings.append(value)
        default: break
        }
    }

    /// How long to wait before the next request; nil if the server does not say. `now` is our own clock's time.
    func retryAfter(now: () -> Timestamp) -> Duration? {
        retryAfter.flatMap { RetryAfter.parse($0, date: date, now: now()) }
    }
}
