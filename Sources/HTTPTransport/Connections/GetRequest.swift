import NIOCore
import NIOHPACK
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
    var encoded: ByteBuffer {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(target.utf8.count + authority.utf8.count + fields.text.utf8.count + 32)
        bytes.writeStaticString("GET ")
        bytes.writeString(target)
        bytes.writeStaticString(" HTTP/1.1\r\nHost: ")
        bytes.writeString(authority)
        bytes.writeStaticString("\r\n")
        bytes.writeString(fields.text)
        bytes.writeStaticString("\r\n")
        return bytes
    }

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
