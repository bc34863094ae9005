import FetchCore
import Testing
import WebAddress

@testable import HTTPTransport

@Suite("The head of an image host's reply", .timeLimit(.minutes(1)))
struct ImageReplyTests {
    private func verdict(_ reply: ImageReply) throws -> ImageReply.Verdict {
        try reply.verdict(from: WebURL("https://a.example/b"), followed: 0, maxBytes: 100)
    }

    private func failure(_ reply: ImageReply) throws -> JobFailure? {
        if case .failure(let failure) = try verdict(reply) { failure } else { nil }
    }

    @Test(arguments: [
        (403, FailureCode.urlExpired), (404, .urlExpired), (410, .urlExpired), (408, .timeout),
        (429, .downloadHTTPError), (500, .downloadHTTPError), (502, .downloadHTTPError), (503, .downloadHTTPError),
        (504, .downloadHTTPError), (520, .downloadHTTPError), (524, .downloadHTTPError), (400, .downloadHTTPError),
        (204, .downloadHTTPError), (206, .downloadHTTPError), (304, .downloadHTTPError), (302, .downloadHTTPError),
        (999, .downloadHTTPError),
    ])
    func statusThatIsNot200HasItsCode(status: Int, code: FailureCode) throws {
        let failure = try failure(ImageReply(status: status))
        #expect(failure?.code == code)
        #expect(failure?.httpStatus == status)
        #expect(failure?.stage == .download)
    }

    @Test func waitThatTheServerAskedForGoesAlong() throws {
        #expect(try failure(ImageReply(status: 503, retryAfter: .seconds(9)))?.retryAfter == .seconds(9))
    }

    @Test func contentLengthMayBeTheLimitAndNoMore() throws {
        #expect(try verdict(ImageReply(status: 200)) == .image)
        #expect(try verdict(ImageReply(status: 200, contentLength: 100)) == .image)
        #expect(try failure(ImageReply(status: 200, contentLength: 101))?.code == .imageTooLarge)
    }

    @Test func redirectIsFollowed() throws {
        #expect(try verdict(ImageReply(status: 301, location: "c")) == .redirect(WebURL("https://a.example/c")))
    }
}
