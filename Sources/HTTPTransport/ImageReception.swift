import FetchCore
import NIOCore
import WebAddress

/// Takes in an image host's reply to one request, part by part, and passes on the bytes of an image.
///
/// Belongs to the event loop of its connection.
final class ImageReception {
    private let url: WebURL
    private let followed: Int
    private let maxBytes: Int
    private let minimumRate: MinimumRate
    private let wallClock: @Sendable () -> Timestamp
    private let consume: (RawSpan) throws(JobFailure) -> Void

    /// The status of a reply whose body is the image.
    private(set) var imageStatus: Int?
    /// Where a reply that is a redirect leads, and its status.
    private(set) var redirect: (to: WebURL, httpStatus: Int)?
    private var body: Body?

    private struct Body {
        let decoder: BodyDecoder?
        /// Most bytes on the wire.
        let most: Int
        let start = ContinuousClock.now
        let waitedBefore: Duration
        /// Bytes on the wire so far.
        var received = 0
    }

    /// - Parameters:
    ///   - followed: how many redirects led to the url.
    ///   - maxBytes: most bytes of the image, decompressed.
    init(
        from url: WebURL, followed: Int, maxBytes: Int, minimumRate: MinimumRate,
        wallClock: @escaping @Sendable () -> Timestamp, into consume: @escaping (RawSpan) throws(JobFailure) -> Void
    ) {
        self.url = url
        self.followed = followed
        self.maxBytes = maxBytes
        self.minimumRate = minimumRate
        self.wallClock = wallClock
        self.consume = consume
    }

    /// Takes the next part, and returns whether another one is wanted.
    ///
    /// - Parameter waited: how long the download has waited for its turns.
    func take(_ part: ReplyPart, waited: Duration = .zero) throws -> Bool {
        switch part {
        case .head(let head):
            try begin(head, waited: waited)
            return redirect == nil
        case .body(let bytes):
            try pass(bytes, waited: waited)
            return true
        case .end:
            try body?.decoder?.finish { try consume($0) }
            return false
        }
    }

    private func begin(_ head: ReplyHead, waited: Duration) throws {
        let decoder = BodyDecoder(for: head.contentEncodings, limit: maxBytes)
        let reply = ImageReply(
            status: head.status, location: head.location, contentLength: head.contentLength,
            retryAfter: head.retryAfter(now: wallClock), isCompressed: decoder != nil)
        switch reply.verdict(from: url, followed: followed, maxBytes: maxBytes) {
        case .image:
            imageStatus = head.status
            body = Body(
                decoder: decoder, most: ImageReply.mostBytes(for: maxBytes, compressed: decoder != nil),
                waitedBefore: waited)
        case .redirect(let next): redirect = (next, head.status)
        case .failure(let failure): throw failure
        }
    }

    /// Passes bytes on, decompressed if there is a decoder. The rate is that of the bytes on the wire.
    private func pass(_ bytes: ByteBuffer, waited: Duration) throws {
        guard var body else { return }
        body.received += bytes.readableBytes
        self.body = body
        guard body.received <= body.most else { throw ImageReply.tooLarge(maxBytes: maxBytes) }
        if let decoder = body.decoder {
            try decoder.decode(bytes.readableBytesSpan) { try consume($0) }
        } else {
            try consume(bytes.readableBytesSpan)
        }
        let elapsed = body.start.duration(to: .now) - (waited - body.waitedBefore)
        if minimumRate.isTooSlow(bytes: body.received, elapsed: elapsed) { throw Self.tooSlow }
    }

    private static let tooSlow = JobFailure(
        .timeout, at: .download, "The image host sends too slowly to ever finish.", httpStatus: 200)
}
