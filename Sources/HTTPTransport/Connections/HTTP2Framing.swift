import NIOHTTP2

/// What a server of HTTP/2 is told at the start, and what it may do.
///
/// NIO's handler ends a connection with an error over which come, by its own limits, more than 200 frames of PING,
/// SETTINGS and PRIORITY in 30 seconds, or of RST_STREAM, or one empty frame of DATA after another, or more than five of
/// CONTINUATION for one head.
enum HTTP2Framing {
    /// The window of a new connection and of a stream, unless it is changed (RFC 9113, section 6.9.2).
    static let initialWindow = 65535
    /// Bytes that the server may send over all streams before it is told to go on.
    static let window = 64 * ReplyParts.bytesLimit
    /// How many requests go over a new connection until the server has said how many it permits.
    static let likelyStreams = 100
    /// Most requests at once, however many the server permits.
    static let mostStreams = 1024
    /// Most bytes of a reply's header fields; as many as HTTP/1.1's decoder lets pass.
    private static let mostHeaderBytes = 80 * 1024

    /// The handler that knows frames.
    static func handler(streamWindow: Int) -> NIOHTTP2Handler {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
            HTTP2Setting(parameter: .maxHeaderListSize, value: mostHeaderBytes),
        ]
        // Frames may still come for as many requests as were given up at once.
        configuration.maximumRecentlyResetStreams = mostStreams
        return NIOHTTP2Handler(mode: .client, connectionConfiguration: configuration)
    }
}
