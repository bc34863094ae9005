import FetchCore

/// Where a reply sends us next, if we let it.
enum Redirect: Equatable {
    /// Not a redirect.
    case none
    case follow(WebURL)
    case refuse(Refusal)

    /// Why a redirect is not followed.
    enum Refusal: Equatable {
        case tooMany, noLocation, downgrade
        case badLocation(WebURL.Flaw)
    }

    /// Most redirects followed for one request. Real ones need one or two, and a loop ends here too.
    static let limit = 5

    /// Decides on a reply.
    ///
    /// - Parameters:
    ///   - followed: how many redirects this request has followed already.
    ///   - url: the url that gave the reply.
    static func decide(status: Int, location: String?, from url: WebURL, followed: Int) -> Redirect {
        switch status {
        case 301, 302, 303, 307, 308: break
        default: return .none
        }
        guard let location else { return .refuse(.noLocation) }
        let next: WebURL
        do { next = try url.resolving(location) } catch { return .refuse(.badLocation(error)) }
        guard url.origin.scheme == .http || next.origin.scheme == .https else { return .refuse(.downgrade) }
        guard followed < limit else { return .refuse(.tooMany) }
        return .follow(next)
    }
}

extension Redirect.Refusal {
    /// The failure of a download that ends with this redirect.
    ///
    /// A target that we will not touch is `url_rejected`; a reply that makes no sense may make sense the next time.
    func failure(httpStatus: Int) -> JobFailure {
        switch self {
        case .tooMany:
            JobFailure(
                .downloadHTTPError, at: .download, "The image host redirected more than \(Redirect.limit) times.",
                httpStatus: httpStatus)
        case .noLocation:
            JobFailure(
                .downloadHTTPError, at: .download, "The image host redirected without saying where.",
                httpStatus: httpStatus)
        case .downgrade:
            JobFailure(
                .urlRejected, at: .download, "The image host redirected from https down to http.",
                httpStatus: httpStatus, cause: .downgrade)
        case .badLocation(let flaw):
            JobFailure(
                flaw.isOfPolicy ? .urlRejected : .downloadHTTPError, at: .download,
                "The image host redirected to a url that \(flaw.sentence).", httpStatus: httpStatus,
                cause: flaw.isOfPolicy ? flaw.cause : nil)
        }
    }
}

extension WebURL.Flaw {
    /// The url makes sense, and we will not use it.
    fileprivate var isOfPolicy: Bool {
        switch self {
        case .scheme, .credentials: true
        case .tooLong, .malformed, .notAbsolute, .hostNotASCII: false
        }
    }
}
