import NIOCore

/// A part of a reply, of any version of HTTP.
enum ReplyPart {
    case head(ReplyHead)
    case body(ByteBuffer)
    case end

    /// Its bytes, if it is a part of the body.
    var bodyBytes: Int {
        if case .body(let bytes) = self { bytes.readableBytes } else { 0 }
    }
}
