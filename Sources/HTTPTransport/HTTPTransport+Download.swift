public import FetchCore
import NIOCore
import NIOHTTP1

extension HTTPTransport {
    /// Hands the body of an image's url to `consume` piece by piece, in order, and returns when the last byte was
    /// taken.
    ///
    /// The url is checked first, and again after every redirect. Little is read ahead of `consume`. When it throws, the
    /// connection is dropped and the failure is thrown on.
    public func download(
        _ url: String, into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) {
        let first = try rules.check(url)
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
            return try await connections.withConnection(to: passage.route, by: .now() + connectTimeout) { connection in
                connection.send(passage.request, due: .now() + stallTimeout, stall: stallTimeout)
                let reply = Self.summary(of: try await connection.nextHead())
                switch reply.verdict(from: target.url, followed: followed, maxBytes: maxImageBytes) {
                case .image:
                    status = reply.status
                    try await pour(connection, into: consume)
                    return nil
                case .redirect(let next):
                    return try rules.check(next, httpStatus: reply.status)
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

    private func pour(_ connection: Connection, into consume: (RawSpan) throws(JobFailure) -> Void) async throws {
        let start = ContinuousClock.now
        var received = 0
        while let bytes = try await connection.nextBytes() {
            received += bytes.readableBytes
            guard received <= maxImageBytes else { throw ImageReply.tooLarge(maxBytes: maxImageBytes) }
            try consume(bytes.readableBytesSpan)
            if slowestPace.isTooSlow(bytes: received, elapsed: start.duration(to: .now)) {
                throw Self.tooSlow
            }
        }
    }

    private static let tooSlow = JobFailure(
        .timeout, at: .download, "The image host sends too slowly to ever finish.", httpStatus: 200)

    private static func summary(of head: HTTPResponseHead) -> ImageReply {
        let encodings = head.headers[canonicalForm: "Content-Encoding"]
        return ImageReply(
            status: Int(head.status.code),
            location: head.headers.first(name: "Location"),
            contentLength: head.contentLength,
            contentEncoding: encodings.isEmpty ? nil : encodings.joined(separator: ","),
            retryAfter: retryAfter(in: head.headers))
    }
}
