import NIOCore
import NIOHTTP1

/// A GET request, the only kind that is made.
struct GetRequest: Sendable {
    /// Path and query, or for a proxy the whole url; percent-encoded.
    let target: String
    /// The header fields, each with its line break. Nearly all are the same for every request, so they are kept as text.
    let fields: String

    /// One header field. What goes into it was checked where it came from: there is no line break in it.
    static func field(_ name: String, _ value: String) -> String { "\(name): \(value)\r\n" }

    /// The header fields that every request has, but `Host`.
    static func commonFields(_ userAgent: String, accept: String) -> String {
        field("User-Agent", userAgent) + field("Accept", accept) + field("Accept-Encoding", "identity")
    }

    /// The request as RFC 9112 spells it.
    fileprivate var text: String { "GET \(target) HTTP/1.1\r\n\(fields)\r\n" }
}

/// Writes requests as they are spelled, in one piece.
///
/// NIO's encoder puts every name and every value into its buffer by itself, which took longer than all else that it
/// takes to send a request. NIO's decoder stands before this in the way of a request and has to be told its method, so
/// what passes here is a head, and the request that it belongs to is handed over beside it.
///
/// Belongs to one connection and its event loop.
final class RequestWriter: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = IOData

    private var next: GetRequest?

    /// Takes the request that is about to pass, and returns what has to pass for it.
    func head(of request: GetRequest) -> HTTPClientRequestPart {
        next = request
        return .head(HTTPRequestHead(version: .http1_1, method: .GET, uri: request.target))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard let request = next.take() else { preconditionFailure("a head passes with its request") }
        context.write(wrapOutboundOut(.byteBuffer(ByteBuffer(string: request.text))), promise: promise)
    }
}
