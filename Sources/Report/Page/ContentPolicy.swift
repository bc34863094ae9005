import Crypto

/// What a browser permits the page: its own script and style, known by their bytes, and images that lie beside it.
enum ContentPolicy {
    /// `'self'` is the page's own origin. A page from disk has none, so images from disk are named by their scheme.
    static func text(style: [UInt8], script: [UInt8]) -> String {
        [
            "default-src 'none'", "img-src 'self' file:", "style-src \(source(style))", "script-src \(source(script))",
            "base-uri 'none'", "form-action 'none'",
        ].joined(separator: "; ")
    }

    private static func source(_ bytes: [UInt8]) -> String {
        let hash = Base64.encoded(Array(SHA256.hash(data: bytes)))
        return "'sha256-\(String(decoding: hash, as: UTF8.self))'"
    }
}
