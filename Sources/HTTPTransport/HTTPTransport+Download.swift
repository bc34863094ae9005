import AsyncHTTPClient
public import FetchCore
import NIOCore
import NIOHTTP1

extension HTTPTransport {
    /// Hands the body of an image's url to `consume` piece by piece, in order, and returns when the last byte was
    /// taken.
    ///
    /// The url is checked first, and again after every redirect. At most one piece is read ahead. When `consume`
    /// throws, the connection is dropped and the failure is thrown on. The client's clock for silence does not stop
    /// while `consume` works, so a disk that blocks for longer than the stall timeout ends the download as `timeout`.
    public func download(
        _ url: String, into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) {
        var target = try rules.check(url)
        var followed = 0
        while true {
            let passage = passage(to: target.url, mustBePublic: target.mustBePublic, headers: imageHeaders)
            let response = try await open(passage)
            let reply = Self.summary(of: response)
            switch reply.verdict(from: target.url, followed: followed, maxBytes: maxImageBytes) {
            case .image:
                return try await pour(response.body, proxied: passage.isProxied, into: consume)
            case .redirect(let next):
                target = try rules.check(next, httpStatus: reply.status)
                followed += 1
            case .failure(let failure):
                throw failure
            }
        }
    }

    /// Sends the request and waits for the head of the reply. A body that nobody reads is dropped with its connection.
    private func open(_ passage: Passage) async throws(JobFailure) -> HTTPClientResponse {
        var request = HTTPClientRequest(url: passage.url)
        request.headers = passage.headers
        do {
            return try await passage.client.execute(request, deadline: .now() + headTimeout)
        } catch {
            throw WireFailure.translate(
                error, in: .imageHead, proxied: passage.isProxied, cancelled: Task.isCancelled)
        }
    }

    private func pour(
        _ body: HTTPClientResponse.Body, proxied: Bool, into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) {
        let start = ContinuousClock.now
        var received = 0
        do {
            for try await chunk in body {
                received += chunk.readableBytes
                guard received <= maxImageBytes else { throw ImageReply.tooLarge(maxBytes: maxImageBytes) }
                try consume(chunk.readableBytesSpan)
                if slowestPace.isTooSlow(bytes: received, elapsed: start.duration(to: .now)) {
                    throw Self.tooSlow
                }
            }
        } catch {
            throw WireFailure.translate(
                error, in: .imageBody, proxied: proxied, cancelled: Task.isCancelled, httpStatus: 200)
        }
    }

    private static let tooSlow = JobFailure(
        .timeout, at: .download, "The image host sends too slowly to ever finish.", httpStatus: 200)

    private static func summary(of response: HTTPClientResponse) -> ImageReply {
        let encodings = response.headers[canonicalForm: "Content-Encoding"]
        return ImageReply(
            status: Int(response.status.code),
            location: response.headers.first(name: "Location"),
            contentLength: response.headers.first(name: "Content-Length").flatMap { Int($0) },
            contentEncoding: encodings.isEmpty ? nil : encodings.joined(separator: ","),
            retryAfter: retryAfter(in: response.headers))
    }
}
