import FetchCore

/// The one place that makes text from outside a part of a page.
///
/// It goes by scalars and not by characters: to Swift, `<` and a combining mark that follows it are one character, which is
/// not `<`, but a browser reads the `<` all the same.
enum HTMLText {
    /// Appends text so that it is text wherever it stands: between tags, or in an attribute with quotes of either kind.
    ///
    /// What would turn the direction of the text around it, or is a control character, is shown as an escape, such as
    /// `\u{202e}`.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes += "&amp;".utf8
            case "<": bytes += "&lt;".utf8
            case ">": bytes += "&gt;".utf8
            case "\"": bytes += "&quot;".utf8
            case "'": bytes += "&#39;".utf8
            case "\t", "\n", "\r": bytes.append(UInt8(ascii: scalar))
            case _ where ForeignText.isDisruptive(scalar): bytes += ForeignText.escape(scalar).utf8
            default: bytes += String(scalar).utf8
            }
        }
    }

    static func escaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }
}
