import FetchCore
import WebAddress

extension ImageURLChecker {
    /// Checks a url that the API gave.
    func target(of text: String) throws(JobFailure) -> ImageURLRules.Target {
        do { return try check(text) } catch { throw error.failure() }
    }
}

extension ImageURLRules {
    /// Checks the url that a redirect leads to.
    ///
    /// - Parameter httpStatus: of the redirect.
    func target(of url: WebURL, httpStatus: Int) throws(JobFailure) -> Target {
        do { return try check(url) } catch { throw error.failure(httpStatus: httpStatus) }
    }
}

extension ImageURLError {
    /// The failure of a download whose url is refused.
    ///
    /// - Parameter httpStatus: of the redirect that named the url, if one did.
    func failure(httpStatus: Int? = nil) -> JobFailure {
        JobFailure(.urlRejected, at: .download, message, httpStatus: httpStatus, cause: cause)
    }

    private var cause: JobFailure.Cause {
        switch self {
        case .unreadable(let error): error.cause
        case .plainHTTP: .plainHTTP
        case .hostNotAllowed: .hostNotAllowed
        case .specialAddress, .thisMachine: .hostNotPublic
        }
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
        case .badLocation(let error):
            JobFailure(
                error.isOfPolicy ? .urlRejected : .downloadHTTPError, at: .download,
                "The image host redirected to a url that \(error.sentence).", httpStatus: httpStatus,
                cause: error.isOfPolicy ? error.cause : nil)
        }
    }
}

extension WebURLError {
    /// What the advice for the user goes by.
    fileprivate var cause: JobFailure.Cause {
        switch self {
        case .tooLong, .malformed, .notAbsolute, .invalidInternationalHost: .malformedURL
        case .credentials: .credentialsInURL
        case .scheme: .unusableScheme
        }
    }

    /// The url makes sense, and we will not use it.
    fileprivate var isOfPolicy: Bool {
        switch self {
        case .scheme, .credentials: true
        case .tooLong, .malformed, .notAbsolute, .invalidInternationalHost: false
        }
    }
}
