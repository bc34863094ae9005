/// The one place that makes text from outside a part of a page.
///
/// It goes by bytes and not by characters: to Swift, `<` and a combining mark that follows it are one character, which is
/// not `<`, but a browser reads the `<` all the same.
enum HTMLText {
    /// Appends text so that it is text wherever it stands: between tags, or in an attribute with quotes of either kind.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            // A browser would drop it; so it shows that something stood there.
            case 0: bytes += "\u{FFFD}".utf8
            default: bytes.append(byte)
            }
        }
    }

    static func escaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }
}
