import FetchCore

/// Which urls an image may come from.
struct ImageURLRules: Sendable {
    /// An image's url that passed, and how its connection is to be made.
    struct Target: Sendable, Equatable {
        let url: WebURL
        /// Whether the address that DNS gives must be a public one.
        let mustBePublic: Bool
    }

    /// Plain http is accepted from every host, not from this machine alone.
    let allowHTTP: Bool
    /// If any are given, a host must match one.
    let patterns: [HostPattern]
    /// The API is on this machine, so its images may be: a rehearsal.
    let apiIsLoopback: Bool

    /// Checks a url that the API gave.
    func check(_ text: String) throws(JobFailure) -> Target {
        let url: WebURL
        do { url = try WebURL(text) } catch { throw Self.rejected("The image url \(error.sentence).", error.cause) }
        return try check(url)
    }

    /// Checks a url that was taken apart already, as after a redirect.
    func check(_ url: WebURL, httpStatus: Int? = nil) throws(JobFailure) -> Target {
        let host = url.origin.host
        guard url.origin.scheme == .https || allowHTTP || host.isLoopback else {
            throw Self.rejected("The image url is plain http to \(host.text).", .plainHTTP, httpStatus)
        }
        guard patterns.isEmpty || patterns.contains(where: { $0.matches(host) }) else {
            throw Self.rejected(
                "The image host \(host.text) is not one of the allowed hosts.", .hostNotAllowed, httpStatus)
        }
        // A pattern with a star vouches for a domain, and whoever may add names to it can point one at 10.0.0.1. Only a
        // host that a person spelled out may be private.
        let isNamed = patterns.contains(.exactly(host))
        guard !apiIsLoopback, !isNamed else { return Target(url: url, mustBePublic: false) }
        switch host {
        case .address(let address, _):
            if let kind = address.special {
                throw Self.rejected("The image host \(host.text) is \(kind.rawValue).", .hostNotPublic, httpStatus)
            }
        case .name:
            guard !host.isLoopback else {
                throw Self.rejected("The image host \(host.text) is this machine.", .hostNotPublic, httpStatus)
            }
        }
        return Target(url: url, mustBePublic: true)
    }

    private static func rejected(
        _ sentence: String, _ cause: JobFailure.Cause, _ httpStatus: Int? = nil
    ) -> JobFailure {
        JobFailure(.urlRejected, at: .download, sentence, httpStatus: httpStatus, cause: cause)
    }
}

extension WebURL.Flaw {
    /// Completes "The url …". It repeats nothing of the url but a short scheme: the rest may hold a secret.
    var sentence: String {
        switch self {
        case .tooLong: "is longer than \(WebURL.maxBytes) bytes"
        case .malformed: "is malformed"
        case .notAbsolute: "is not absolute"
        case .credentials: "has a user name in it"
        case .hostNotASCII: "has a host in letters beyond ASCII, whose name has to be given in its ASCII form (xn--)"
        case .scheme(let name): name.utf8.count <= 16 ? "has the scheme \(name)" : "has an unknown scheme"
        }
    }

    /// What the advice for the user goes by.
    var cause: JobFailure.Cause {
        switch self {
        case .tooLong, .malformed, .notAbsolute, .hostNotASCII: .malformedURL
        case .credentials: .credentialsInURL
        case .scheme: .unusableScheme
        }
    }
}
