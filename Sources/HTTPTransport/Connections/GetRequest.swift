import NIOCore
import NIOHTTP1

/// A GET request, the only kind that is made.
struct GetRequest: Sendable {
    /// Path and query, or for a proxy the whole url; percent-encoded.
    let target: String
    /// The header fields, each with its line break. Nearly all are the same for every request, so they are kept as text.
    let fields: String

    /// One header field. Its value was checked before: there is no line break in it.
    static func field(_ name: String, _ value: String) -> String { "\(name): \(value)\r\n" }

    /// The header fields that every request has, but `Host`.
    static func commonFields(_ userAgent: String, accept: String) -> String {
        field("User-Agent", userAgent) + field("Accept", accept) + field("Accept-Encoding", "identity")
    }

    /// The request as RFC 9112 spells it.
    fileprivate var text: String { "GET \(target) HTTP/1.1\r\n\(fields)\r\n" }
}

/// Writes each request as one piece of text.
///
/// NIO's encoder writes every name and every value into its buffer separately, which took longer than everything else in
/// sending a request. NIO's decoder has to see the head of a request, for its method. So a head passes through the
/// pipeline, and ``head(of:)`` passes the request itself directly.
///
/// Belongs to one connection and its event loop.
final class RequestWriter: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = IOData

    private var next: GetRequest?

    /// Stores the request that is written next, and returns the head that has to pass through the pipeline for it.
    func head(of request: GetRequest) -> HTTPClientRequestPart {
        next = request
        return .head(HTTPRequestHead(version: .http1_1, method: .GET, uri: request.target))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard let request = next.take() else { preconditionFailure("a head is written with its request") }
        context.write(wrapOutboundOut(.byteBuffer(ByteBuffer(string: request.text))), promise: promise)
    }
}
