/// Where a reply sends us next, if we let it.
package enum Redirect: Equatable {
    /// Not a redirect.
    case none
    case follow(WebURL)
    case refuse(Refusal)

    /// Why a redirect is not followed.
    package enum Refusal: Equatable {
        case tooMany, noLocation, downgrade
        case badLocation(WebURLError)
    }

    /// Most redirects followed for one request. Real ones need one or two, and a loop ends here too.
    package static let limit = 5

    /// Decides on a reply.
    ///
    /// - Parameters:
    ///   - followed: how many redirects this request has followed already.
    ///   - url: the url that gave the reply.
    package static func decide(status: Int, location: String?, from url: WebURL, followed: Int) -> Redirect {
        switch status {
        case 301, 302, 303, 307, 308: break
        default: return .none
        }
        // An empty one would lead to the same url again.
        guard let location, !location.isEmpty else { return .refuse(.noLocation) }
        let next: WebURL
        do { next = try url.resolving(location) } catch { return .refuse(.badLocation(error)) }
        guard url.origin.scheme == .http || next.origin.scheme == .https else { return .refuse(.downgrade) }
        guard followed < limit else { return .refuse(.tooMany) }
        return .follow(next)
    }
}
