import AsyncHTTPClient
public import FetchCore
import NIOCore
import NIOHTTP1

extension HTTPTransport {
    /// Largest reply of the API that is read. A job's status takes less than a kilobyte, and every request in flight
    /// may hold this much memory.
    static let maxReplyBytes = 1024 * 1024

    /// Makes one GET at the API; `path`, which starts with a slash, is appended to the API's url.
    ///
    /// Every status is a reply, also of a redirect that is not followed. Within the API's origin a redirect keeps the
    /// key; from the first step outside it, the key stays behind for good.
    ///
    /// - Throws: only what went wrong on the wire, with the stage `poll`, or `interrupted` after cancellation.
    public func get(_ path: String) async throws(JobFailure) -> APIReply {
        do {
            return try await exchange(path)
        } catch {
            throw WireFailure.translate(error, in: .poll, cancelled: Task.isCancelled)
        }
    }

    private func exchange(_ path: String) async throws -> APIReply {
        let deadline = NIODeadline.now() + requestTimeout
        var response = try await send(home(apiBase + path), by: deadline)
        guard (300..<400).contains(response.status.code) else { return reply(response) }

        var current = try WebURL(apiBase + path)
        var isHome = true
        var followed = 0
        while case .follow(let next) = Redirect.decide(
            status: Int(response.status.code), location: response.headers.first(name: "Location"), from: current,
            followed: followed)
        {
            isHome = isHome && next.origin == apiOrigin
            guard let passage = isHome ? home(next.text) : strange(next) else { break }
            response = try await send(passage, by: deadline)
            current = next
            followed += 1
        }
        return reply(response)
    }

    /// A request to the API's own origin, the only one with the key.
    private func home(_ url: String) -> Passage {
        Passage(client: api, url: url, headers: apiHeaders, isProxied: apiIsProxied)
    }

    /// A request to where a redirect leaves the API's origin; nil where it must not be followed.
    ///
    /// The API sent us there, but what answers may be anything inside the network, so it has to be public, as with
    /// images.
    private func strange(_ url: WebURL) -> Passage? {
        guard !rules.apiIsLoopback else { return passage(to: url, mustBePublic: false, headers: keylessHeaders) }
        if case .address(let address, _) = url.origin.host, address.special != nil { return nil }
        guard url.origin.scheme == .https || rules.allowHTTP else { return nil }
        return passage(to: url, mustBePublic: true, headers: keylessHeaders)
    }

    /// Sends one request and gathers the whole reply.
    ///
    /// The deadline counts to the last byte: of the client's two interfaces only this one, with a delegate, has it so.
    private func send(_ passage: Passage, by deadline: NIODeadline) async throws(JobFailure) -> HTTPClient.Response {
        do {
            let request = try HTTPClient.Request(url: passage.url, method: .GET, headers: passage.headers)
            let gatherer = ResponseAccumulator(request: request, maxBodySize: Self.maxReplyBytes)
            let task = passage.client.execute(request: request, delegate: gatherer, deadline: deadline)
            return try await withTaskCancellationHandler {
                try await task.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            throw WireFailure.translate(error, in: .poll, proxied: passage.isProxied, cancelled: Task.isCancelled)
        }
    }

    private func reply(_ response: HTTPClient.Response) -> APIReply {
        let body = response.body.map { Array(buffer: $0) } ?? []
        return APIReply(
            status: Int(response.status.code), body: keyMask.masking(body),
            retryAfter: Self.retryAfter(in: response.headers))
    }
}
