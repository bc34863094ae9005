import FetchCore
import WebAddress

/// What the head of an image host's reply says, as far as it matters.
struct ImageReply: Sendable, Equatable {
    let status: Int
    var location: String?
    var contentLength: Int?
    var retryAfter: Duration?
    /// The body has to be decompressed.
    var isCompressed = false

    enum Verdict: Equatable {
        /// The body is the image.
        case image
        case redirect(WebURL)
        case failure(JobFailure)
    }

    /// Decides what to do with the reply.
    ///
    /// | reply | verdict |
    /// |---|---|
    /// | 200 | the image, unless it says that it is too large |
    /// | 301, 302, 303, 307, 308 | followed, or the failure of ``Redirect/Refusal`` |
    /// | 403, 404, 410 | `url_expired`: that is how hosts of signed urls answer when the time is over |
    /// | 407 | `download_http_error`, and that it was the proxy |
    /// | 408 | `timeout` |
    /// | anything else, 204, 206 and 304 too | `download_http_error` |
    func verdict(from url: WebURL, followed: Int, maxBytes: Int) -> Verdict {
        switch Redirect.decide(status: status, location: location, from: url, followed: followed) {
        case .follow(let next): return .redirect(next)
        case .refuse(let refusal): return .failure(refusal.failure(httpStatus: status))
        case .none: break
        }
        switch status {
        case 200:
            let most = Self.mostBytes(for: maxBytes, compressed: isCompressed)
            return contentLength ?? 0 > most ? .failure(Self.tooLarge(maxBytes: maxBytes)) : .image
        case 403, 404, 410:
            return failure(.urlExpired, "The image host answered \(status): the url has expired, or never was.")
        case 407:
            return failure(
                .downloadHTTPError, TransportErrorKind.proxyWantsUser.sentence(to: .imageHead, proxied: true))
        case 408:
            return failure(.timeout, "The image host gave up waiting for the request (408).")
        default:
            return failure(.downloadHTTPError, "The image host answered \(status).")
        }
    }

    /// Most bytes of a body on the wire. A PNG hardly compresses, so a compressed body may be a little larger than it.
    static func mostBytes(for maxBytes: Int, compressed: Bool) -> Int {
        compressed ? maxBytes + maxBytes / 64 + 4096 : maxBytes
    }

    static func tooLarge(maxBytes: Int) -> JobFailure {
        JobFailure(
            .imageTooLarge, at: .download, "The image is larger than the limit of \(maxBytes) bytes.", httpStatus: 200)
    }

    private func failure(_ code: FailureCode, _ sentence: String) -> Verdict {
        .failure(JobFailure(code, at: .download, sentence, httpStatus: status, retryAfter: retryAfter))
    }
}
