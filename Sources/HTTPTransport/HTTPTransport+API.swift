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
        var response = try await send(apiBase + path, with: apiHeaders, through: api, by: deadline)
        guard (300..<400).contains(response.status.code) else { return reply(response) }

        var current = try WebURL(apiBase + path)
        var isHome = true
        var followed = 0
        while case .follow(let next) = Redirect.decide(
            status: Int(response.status.code), location: response.headers.first(name: "Location"), from: current,
            followed: followed)
        {
            isHome = isHome && next.origin == apiOrigin
            if isHome {
                response = try await send(next.text, with: apiHeaders, through: api, by: deadline)
            } else {
                guard let client = strangersClient(for: next) else { break }
                response = try await send(next.text, with: keylessHeaders, through: client, by: deadline)
            }
            current = next
            followed += 1
        }
        return reply(response)
    }

    /// The client for a redirect that leaves the API's origin; nil where it must not be followed.
    ///
    /// The API sent us there, but what answers may be anything inside the network, so it has to be public, as with
    /// images.
    private func strangersClient(for url: WebURL) -> HTTPClient? {
        if rules.apiIsLoopback { return namedHosts }
        if case .address(let address, _) = url.origin.host, address.special != nil { return nil }
        guard url.origin.scheme == .https || rules.allowHTTP else { return nil }
        return publicHosts
    }

    /// Sends one request and gathers the whole reply.
    ///
    /// The deadline counts to the last byte: of the client's two interfaces only this one, with a delegate, has it so.
    private func send(
        _ url: String, with headers: HTTPHeaders, through client: HTTPClient, by deadline: NIODeadline
    ) async throws -> HTTPClient.Response {
        let request = try HTTPClient.Request(url: url, method: .GET, headers: headers)
        let gatherer = ResponseAccumulator(request: request, maxBodySize: Self.maxReplyBytes)
        let task = client.execute(request: request, delegate: gatherer, deadline: deadline)
        return try await withTaskCancellationHandler {
            try await task.get()
        } onCancel: {
            task.cancel()
        }
    }

    private func reply(_ response: HTTPClient.Response) -> APIReply {
        APIReply(
            status: Int(response.status.code),
            body: keyBlanking.applied(to: response.body.map { Array(buffer: $0) } ?? []),
            retryAfter: Self.retryAfter(in: response.headers))
    }
}
