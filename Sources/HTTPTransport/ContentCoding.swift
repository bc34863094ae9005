import NIOHTTP1

/// What a server says it did to a body before it sent it: one word of `Content-Encoding` (RFC 9110, section 8.4).
///
/// It is only said. Object stores keep the word that came with the upload, whatever the bytes are, so the bytes have to
/// show how they are packed, see ``form(of:)``. All other words (`aws-chunked`, `utf-8`, `base64`, `br` …) are passed
/// over: either they did nothing to the bytes, or the proof of the bytes will tell.
enum ContentCoding: Sendable {
    case gzip, deflate

    /// How bytes are packed.
    enum Form: Sendable {
        /// Members of RFC 1952.
        case gzip
        /// RFC 1950, which is what `deflate` means.
        case zlib
        /// RFC 1951, which is what some servers send for `deflate`.
        case bareDeflate
        /// Not at all.
        case plain
    }

    /// Most codings that are undone for one body. One is usual, and each costs time for every byte.
    static let mostLayers = 3

    /// The codings that a reply names, in the order in which they have to be undone; none if it names too many.
    static func layers(in headers: HTTPHeaders) -> [ContentCoding] {
        // Nearly every reply has no such field, and is to cost no allocation.
        guard headers.contains(name: "Content-Encoding") else { return [] }
        let layers = headers[canonicalForm: "Content-Encoding"].compactMap { word -> ContentCoding? in
            switch word.lowercased() {
            case "gzip", "x-gzip": .gzip
            case "deflate": .deflate
            default: nil
            }
        }
        // They are named in the order in which they were applied.
        return layers.count <= mostLayers ? layers.reversed() : []
    }

    /// As many bytes as it takes to tell how they are packed.
    static let tellingLength = pngSignature.count

    /// How a body is packed that begins with these bytes, ``tellingLength`` of them unless it has fewer.
    ///
    /// | the body begins like | `gzip` | `deflate` |
    /// |---|---|---|
    /// | gzip | gzip | gzip |
    /// | zlib | plain | zlib |
    /// | a PNG, or JSON | plain | plain |
    /// | anything else | plain | bare deflate |
    func form(of start: some RandomAccessCollection<UInt8>) -> Form {
        if start.starts(with: [0x1F, 0x8B, 8]) { return .gzip }
        guard self == .deflate, let first = start.first, let second = start.dropFirst().first else { return .plain }
        // Method 8 with a window that exists, and a check of five bits (RFC 1950, section 2.2).
        if first & 0x0F == 8, first >> 4 <= 7, (Int(first) << 8 | Int(second)) % 31 == 0 { return .zlib }
        if start.starts(with: Self.pngSignature) { return .plain }
        let content = start.first { !" \t\r\n".utf8.contains($0) }
        return content == UInt8(ascii: "{") || content == UInt8(ascii: "[") ? .plain : .bareDeflate
    }

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
}
