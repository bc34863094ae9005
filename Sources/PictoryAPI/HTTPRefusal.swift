internal import FetchCore

/// What an HTTP status other than 200 means if the body does not say more.
struct HTTPRefusal {
    let code: FailureCode
    /// One sentence for a person.
    let message: String

    init(status: Int) {
        (code, message) = Self.meaning(of: status)
    }

    /// Whether a `Retry-After` beside it is a request to slow down.
    ///
    /// RFC 9110, section 10.2.3, gives the field a meaning with 503 and with redirects, RFC 6585 with 429. The other
    /// server errors are treated as 503 is.
    var mayNameAWait: Bool {
        code == .rateLimited || code == .serverError
    }

    private static func meaning(of status: Int) -> (FailureCode, String) {
        switch status {
        case 401:
            (.unauthorized, "The API rejects the key (HTTP 401): check that it is complete, current and for this API.")
        case 403:
            (
                .forbidden,
                "The API refuses the request (HTTP 403): check what the key may do and whether a firewall stands between."
            )
        case 404:
            (
                .httpError,
                "The reply says “not found” (HTTP 404) but not in the API's own words: check the API url and any proxy."
            )
        case 408:
            (.timeout, "The API gave up waiting for the request (HTTP 408).")
        case 429:
            (.rateLimited, "The API asks for fewer requests (HTTP 429).")
        case _ where JobFailure.isTransientServerError(status):
            (.serverError, "The API has trouble of its own (HTTP \(status)).")
        case 300...399:
            (.httpError, "The API points elsewhere instead of answering (HTTP \(status)): check the API url.")
        case 201...299:
            (.httpError, "The API accepted the request without saying how the job stands (HTTP \(status)).")
        default:
            (.httpError, "The API did not accept the request (HTTP \(status)).")
        }
    }
}
