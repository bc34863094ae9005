public import FetchCore
import NIOCore
import NIOHTTP1
import WebAddress

extension HTTPTransport {
    /// Hands the body of an image's url to `consume` piece by piece, in order, and returns when the last byte was
    /// taken.
    ///
    /// The url is checked first, and again after every redirect. Little is read ahead of `consume`. When it throws, the
    /// connection is dropped and the failure is thrown on.
    public func download(
        _ url: String, into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) {
        let first = try rules.target(of: url)
        try await withConnections { (connections) throws(JobFailure) in
            var target = first
            var followed = 0
            while let next = try await fetch(target, followed: followed, over: connections, into: consume) {
                target = next
                followed += 1
            }
        }
    }

    /// Makes one request; returns where to go on after a redirect, or nil when the image has come.
    private func fetch(
        _ target: ImageURLRules.Target, followed: Int, over connections: LoopConnections,
        into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) -> ImageURLRules.Target? {
        let passage = passage(to: target.url, mustBePublic: target.mustBePublic, fields: imageFields)
        var status: Int?
        do {
            // Also for a request that is sent a second time, see ``LoopConnections/withConnection(to:by:_:)``.
            let due = NIODeadline.now() + connectTimeout + stallTimeout
            return try await connections.withConnection(to: passage.route, by: due) { connection in
                connection.send(passage.request, due: min(due, .now() + stallTimeout), stall: stallTimeout)
                let head = try await connection.nextHead()
                let decoder = BodyDecoder(for: head.headers, limit: maxImageBytes)
                let reply = Self.summary(of: head, isPacked: decoder != nil)
                switch reply.verdict(from: target.url, followed: followed, maxBytes: maxImageBytes) {
                case .image:
                    status = Int(head.status.code)
                    try await pour(connection, decoder, into: consume)
                    return nil
                case .redirect(let next):
                    return try rules.target(of: next, httpStatus: reply.status)
                case .failure(let failure):
                    throw failure
                }
            }
        } catch {
            throw WireFailure.translate(
                error, in: status == nil ? .imageHead : .imageBody, proxied: passage.route.isProxied,
                cancelled: Task.isCancelled, httpStatus: status)
        }
    }

    /// Hands the body on, unpacked if there is a decoder. Time is taken by the bytes of the wire.
    private func pour(
        _ connection: Connection, _ decoder: BodyDecoder?, into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws {
        let most = ImageReply.mostBytes(for: maxImageBytes, packed: decoder != nil)
        let start = ContinuousClock.now
        var received = 0
        while let bytes = try await connection.nextBytes() {
            received += bytes.readableBytes
            guard received <= most else { throw ImageReply.tooLarge(maxBytes: maxImageBytes) }
            if let decoder {
                try decoder.decode(bytes.readableBytesSpan) { try consume($0) }
            } else {
                try consume(bytes.readableBytesSpan)
            }
            if slowestPace.isTooSlow(bytes: received, elapsed: start.duration(to: .now)) {
                throw Self.tooSlow
            }
        }
        try decoder?.finish { try consume($0) }
    }

    private static let tooSlow = JobFailure(
        .timeout, at: .download, "The image host sends too slowly to ever finish.", httpStatus: 200)

    private static func summary(of head: HTTPResponseHead, isPacked: Bool) -> ImageReply {
        ImageReply(
            status: Int(head.status.code),
            location: head.headers.first(name: "Location"),
            contentLength: head.contentLength,
            retryAfter: retryAfter(in: head.headers), isPacked: isPacked)
    }
}
