import NIOCore
import NIOHPACK
import NIOHTTP1
import WebAddress

/// A GET request, the only kind that is made.
struct GetRequest: Sendable {
    /// Path and query, or for a proxy the whole url; percent-encoded.
    let target: String
    /// The scheme of the url.
    let scheme: WebURL.Scheme
    /// Host and port as a url has them.
    let authority: String
    /// Everything else.
    let fields: HeaderFields

    /// The request as RFC 9112 spells it.
    fileprivate var text: String { "GET \(target) HTTP/1.1\r\nHost: \(authority)\r\n\(fields.text)\r\n" }

    /// The request as RFC 9113 spells it, section 8.3.1.
    var http2Fields: HPACKHeaders {
        var headers = HPACKHeaders()
        headers.reserveCapacity(4 + fields.list.count)
        headers.add(name: ":method", value: "GET")
        headers.add(name: ":scheme", value: scheme.rawValue)
        headers.add(name: ":authority", value: authority)
        headers.add(name: ":path", value: target)
        for field in fields.list { headers.add(name: field.name, value: field.value) }
        return headers
    }
}

/// The header fields of a request but `Host`, which nearly all requests have in common: so they are kept as they are sent.
struct HeaderFields: Sendable {
    /// Each field with its line break, as HTTP/1.1 has them.
    private(set) var text = ""
    /// The same with names in lower case, as HTTP/2 has them.
    private(set) var list: [(name: String, value: String)] = []

    /// The fields that every request has.
    static func common(_ userAgent: String, accept: String) -> HeaderFields {
        HeaderFields().adding("User-Agent", userAgent).adding("Accept", accept).adding("Accept-Encoding", "identity")
    }

    /// These fields and one more. Its value was checked before: there is no line break in it.
    func adding(_ name: String, _ value: String) -> HeaderFields {
        var fields = self
        fields.text += "\(name): \(value)\r\n"
        fields.list.append((name.lowercased(), value))
        return fields
    }
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

extension HTTPResponseHead {
    /// The head of a reply of HTTP/2.
    init(status: Int, _ fields: HPACKHeaders) {
        var headers = HTTPHeaders()
        headers.reserveCapacity(fields.count)
        for (name, value, _) in fields where !name.hasPrefix(":") { headers.add(name: name, value: value) }
        self.init(version: .http2, status: HTTPResponseStatus(statusCode: status), headers: headers)
    }
}
