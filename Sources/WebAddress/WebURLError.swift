/// Why a text cannot be used as a url.
package enum WebURLError: Error, Hashable, Sendable {
    case tooLong, malformed, notAbsolute, credentials
    /// The host has letters beyond ASCII that no domain name may have, or in a wrong order (IDNA 2008, RFC 5891).
    case invalidInternationalHost
    /// Another scheme than http and https.
    case scheme(String)

    /// Completes "The url …". It repeats nothing of the url but a short scheme: the rest may hold a secret.
    package var sentence: String {
        switch self {
        case .tooLong: "is longer than \(WebURL.maxBytes) bytes"
        case .malformed: "is malformed"
        case .notAbsolute: "is not absolute"
        case .credentials: "has a user name in it"
        case .invalidInternationalHost: "has a host in letters beyond ASCII that is no valid domain name"
        case .scheme(let name): name.utf8.count <= 16 ? "has the scheme \(name)" : "has an unknown scheme"
        }
    }
}
