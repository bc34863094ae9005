/// A compression that a server says it applied to a body: one word of `Content-Encoding` (RFC 9110, section 8.4).
///
/// The word may be wrong. Object stores keep the word that came with the upload, whatever the bytes are, so the bytes
/// decide how they are compressed, see ``form(of:)``. All other words (`aws-chunked`, `utf-8`, `base64`, `br` …) are
/// ignored: either they changed nothing, or the check of the image finds it.
enum ContentCoding: Sendable {
    case gzip, deflate

    /// How bytes are compressed.
    enum Form: Sendable {
        /// Members of RFC 1952.
        case gzip
        /// RFC 1950, which is what `deflate` means.
        case zlib
        /// RFC 1951, which is what some servers send for `deflate`.
        case rawDeflate
        /// Not at all.
        case plain
    }

    /// Most codings that are decoded for one body. One is usual, and each costs time for every byte.
    static let mostLayers = 3

    /// The codings that a reply names in these fields, in the order in which they have to be decoded; none if it names too
    /// many.
    static func layers(in fields: [String]) -> [ContentCoding] {
        let layers = fields.lazy.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }.compactMap(ContentCoding.init)
        // They are named in the order in which they were applied.
        return layers.count <= mostLayers ? layers.reversed() : []
    }

    private init?(_ word: Substring.UTF8View) {
        let word = word.withoutBlanksAround()
        if word.spells("gzip") || word.spells("x-gzip") {
            self = .gzip
        } else if word.spells("deflate") {
            self = .deflate
        } else {
            return nil
        }
    }

    /// How many bytes it takes to find out how they are compressed.
    static let detectionLength = pngSignature.count

    /// How a body is compressed.
    ///
    /// | the body begins like | `gzip` | `deflate` |
    /// |---|---|---|
    /// | gzip | gzip | gzip |
    /// | zlib | plain | zlib |
    /// | a PNG, or JSON | plain | plain |
    /// | anything else | plain | raw deflate |
    ///
    /// - Parameter start: the first ``detectionLength`` bytes of the body, or all of a shorter one.
    func form(of start: some RandomAccessCollection<UInt8>) -> Form {
        if start.starts(with: [0x1F, 0x8B, 8]) { return .gzip }
        guard self == .deflate, let first = start.first, let second = start.dropFirst().first else { return .plain }
        // Method 8 with a window that exists, and a check of five bits (RFC 1950, section 2.2).
        if first & 0x0F == 8, first >> 4 <= 7, (Int(first) << 8 | Int(second)) % 31 == 0 { return .zlib }
        if start.starts(with: Self.pngSignature) { return .plain }
        let content = start.first { !" \t\r\n".utf8.contains($0) }
        return content == UInt8(ascii: "{") || content == UInt8(ascii: "[") ? .plain : .rawDeflate
    }

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
}
