/// What the doors in front of the API say when they do not let a request through.
enum GatewayReplies {
    static let unauthorized = Reply.json(401, .object([("message", .string("Unauthorized"))]))
    static let noSuchJob = Reply.json(404, .object([("message", .string("Not Found"))]))
    static let wrongMethod = Reply.json(405, .object([("message", .string("Method Not Allowed"))]))

    /// The page of a front door that dislikes the client's signature.
    static let bannedSignature = Reply.html(
        403,
        page(
            "Access denied | api.pictory.ai used Cloudflare to restrict access",
            "<h1>Error 1010</h1><p>The owner of this website has banned your access based on your browser's "
                + "signature.</p>"),
        headers: [Reply.Header(name: .server, value: "cloudflare")])

    /// Client names that the front door takes for a library left at its defaults.
    private static let libraryNames = [
        "python-", "python/", "aiohttp", "go-http-client", "java/", "apache-httpclient", "okhttp", "axios",
        "node-fetch", "undici", "libwww-perl", "ruby", "asynchttpclient", "swift-nio",
    ]

    static func dislikes(userAgent: String?) -> Bool {
        let name = (userAgent ?? "").lowercased()
        return name.isEmpty || libraryNames.contains { name.hasPrefix($0) }
    }

    static func tooManyRequests(_ hint: RetryHint?, at moment: Moment) -> Reply {
        .json(429, .object([("message", .string("Too Many Requests"))]), headers: retryAfter(hint, at: moment))
    }

    static func serverError(_ status: Int, html: Bool, _ hint: RetryHint?, at moment: Moment) -> Reply {
        let message =
            switch status {
            case 500: "Internal server error"
            case 502: "Bad gateway"
            case 503: "Service Unavailable"
            case 504: "Endpoint request timed out"
            default: "Web server is returning an unknown error"
            }
        let headers = retryAfter(hint, at: moment)
        guard html else { return .json(status, .object([("message", .string(message))]), headers: headers) }
        let body = page("api.pictory.ai | \(status): \(message)", "<h1>Error \(status)</h1><p>\(message)</p>")
        return .html(status, body, headers: headers + [Reply.Header(name: .server, value: "cloudflare")])
    }

    static func page(_ title: String, _ body: String) -> String {
        "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>\(title)</title></head><body>\(body)</body></html>\n"
    }

    private static func retryAfter(_ hint: RetryHint?, at moment: Moment) -> [Reply.Header] {
        switch hint {
        case nil: []
        case .seconds(let count): [Reply.Header(name: .retryAfter, value: String(count))]
        case .date(let ahead):
            [Reply.Header(name: .retryAfter, value: HTTPDate.text(unixTime: moment.unixTime + ahead))]
        }
    }
}
