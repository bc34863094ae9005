import FetchCore
import NIOCore
import NIOEmbedded
import NIOHTTP1
import WebAddress

@testable import HTTPTransport

/// A connection reads every reply, however its bytes are cut, as NIO's decoder alone would read it.
enum ReplyProperties {
    /// The first byte says how the others, which are what a server sends, are cut.
    static func check(_ input: [UInt8]) throws(Violation) {
        guard let seed = input.first else { return }
        let pieces = pieces(of: input.dropFirst(), seed)
        let (ours, decoded): (Reading, Reading)
        do {
            (ours, decoded) = (try Self.ours(pieces), try Self.decoded(pieces))
        } catch {
            throw Violation("a channel fails with \(error)")
        }
        try require(ours == decoded, "read as \(ours), by the decoder alone as \(decoded)")
    }

    /// What was read of a reply.
    private struct Reading: Equatable {
        var head: Head?
        var body: [UInt8] = []
        var isComplete = false
        /// Why it is not complete.
        var failure: TransportErrorKind?

        /// After the end of a reply nothing counts.
        mutating func note(_ part: ReplyPart) {
            switch part {
            case _ where isComplete: break
            case .head(let head): self.head = Head(head)
            case .body(let bytes): body += Array(bytes.readableBytesView)
            case .end: isComplete = true
            }
        }

        mutating func note(_ error: any Error) {
            if !isComplete, failure == nil { failure = TransportErrorKind(error) }
        }
    }

    /// What a head is used for.
    private struct Head: Equatable {
        let status: Int
        let isKeptAlive: Bool
        let contentLength: Int?
        let location: String?
        let contentEncodings: [String]
        let wait: Duration?

        init(_ head: ReplyHead) {
            status = head.status
            isKeptAlive = head.isKeptAlive
            contentLength = head.contentLength
            location = head.location
            contentEncodings = head.contentEncodings
            wait = head.retryAfter(now: { Timestamp(milliseconds: 0) })
        }
    }

    private static func pieces(of bytes: ArraySlice<UInt8>, _ seed: UInt8) -> [ArraySlice<UInt8>] {
        // Most replies come in one piece.
        guard seed >= 128 else { return [bytes] }
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes
        var state = UInt32(seed)
        while !rest.isEmpty {
            state = state &* 1_664_525 &+ 1_013_904_223
            let length = 1 + Int(state >> 24) % (seed.isMultiple(of: 2) ? 7 : 80)
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    private static func ours(_ pieces: [ArraySlice<UInt8>]) throws -> Reading {
        let channel = EmbeddedChannel()
        let connection = HTTP1Connection(on: channel.embeddedEventLoop)
        try channel.pipeline.syncOperations.addHandler(connection)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let request = GetRequest(target: "/", scheme: .http, authority: "a.example", fields: HeaderFields())
        connection.send(request, due: .distantFuture)
        for piece in pieces { channel.pipeline.fireChannelRead(ByteBuffer(bytes: piece)) }
        channel.pipeline.fireChannelInactive()
        var reading = Reading()
        while let part = connection.parts.next() { reading.note(part) }
        if let failure = connection.parts.failure { reading.note(failure) }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return reading
    }

    private static func decoded(_ pieces: [ArraySlice<UInt8>]) throws -> Reading {
        let channel = EmbeddedChannel()
        let reader = Reader()
        try channel.pipeline.syncOperations.addHandlers([
            Sink(), HeadNormalizingHandler(), DecodedReplies.decoder(leftOverBytes: .dropBytes), reader,
        ])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        channel.pipeline.write(
            HTTPClientRequestPart.head(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")), promise: nil)
        for piece in pieces { channel.pipeline.fireChannelRead(ByteBuffer(bytes: piece)) }
        channel.pipeline.fireChannelInactive()
        reader.reading.note(ConnectionError.hangUp)
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return reader.reading
    }

    /// Drops what is sent.
    private final class Sink: ChannelOutboundHandler {
        typealias OutboundIn = HTTPClientRequestPart

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            promise?.succeed()
        }
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart

        var reading = Reading()

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard reading.failure == nil else { return }
            switch unwrapInboundIn(data) {
            case .head(let head): reading.note(.head(ReplyHead(head)))
            case .body(let bytes): reading.note(.body(bytes))
            case .end: reading.note(.end)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            reading.note(error)
        }
    }
}
