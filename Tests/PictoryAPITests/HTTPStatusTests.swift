import FetchCore
import Testing

/// What an HTTP status other than 200 amounts to.
@Suite struct HTTPStatusTests {
    private static let table: [(Int, FailureCode)] = [
        (401, .unauthorized), (403, .forbidden), (404, .httpError), (408, .timeout), (429, .rateLimited),
        (500, .serverError), (502, .serverError), (503, .serverError), (504, .serverError),
        (520, .serverError), (521, .serverError), (522, .serverError), (523, .serverError), (524, .serverError),
        (201, .httpError), (202, .httpError), (204, .httpError), (205, .httpError), (206, .httpError),
        (301, .httpError), (302, .httpError), (304, .httpError), (307, .httpError), (308, .httpError),
        (400, .httpError), (402, .httpError), (405, .httpError), (409, .httpError), (410, .httpError),
        (418, .httpError), (422, .httpError), (451, .httpError),
        (501, .httpError), (505, .httpError), (506, .httpError), (508, .httpError), (510, .httpError),
        (511, .httpError),
        (507, .serverError), (519, .serverError), (525, .serverError), (529, .serverError), (530, .serverError),
        (598, .serverError), (599, .serverError), (600, .httpError),
        (100, .httpError), (101, .httpError), (0, .httpError), (-1, .httpError), (999, .httpError),
        (Int.max, .httpError), (Int.min, .httpError),
    ]

    private static let bodies = [
        "", "{}", "null", "nonsense", #"{"message":"No"}"#, Replies.job(""),
    ]

    @Test(arguments: table) func aStatusDecidesWhateverTheBody(_ status: Int, _ code: FailureCode) throws {
        for body in Self.bodies {
            let failure = try Replies.failure(body, status: status)
            #expect(failure.code == code)
            #expect(failure.stage == .poll)
            #expect(failure.httpStatus == status)
        }
    }

    @Test(arguments: table) func aMessageIsOneSentence(_ status: Int, _ code: FailureCode) throws {
        let message = try Replies.failure("", status: status).message
        #expect(message.hasSuffix("."))
        #expect(!message.contains("\n"))
    }

    @Test(arguments: [401, 403]) func aRefusedKeySaysWhatToCheck(_ status: Int) throws {
        #expect(try Replies.failure("", status: status).message.contains("check"))
    }

    @Test func onlyRateLimitsAndServerErrorsCarryAWait() throws {
        for (status, code) in Self.table {
            let failure = try Replies.failure("", status: status, retryAfter: .seconds(7))
            let carriesAWait = code == .rateLimited || code == .serverError
            #expect(failure.retryAfter == (carriesAWait ? .seconds(7) : nil))
        }
    }

    @Test(arguments: [
        "", "default backend - 404", #"{"message":"Not Found"}"#, #"{"success":false,"error":"no Route matched"}"#,
        "<html></html>", " \r\n\t<!DOCTYPE html>", "\u{FEFF}<html>", "<?xml version=\"1.0\"?><Error/>",
    ])
    func a404WithoutTheAPIsOwnWordsIsNoWordOfTheAPI(_ body: String) throws {
        let failure = try Replies.failure(body, status: 404)
        #expect(failure.code == .httpError)
        #expect(failure.cause == .foreignNotFound)
    }

    @Test(arguments: [200, 201, 202, 203]) func aJobsReplyIsReadAlikeUnderEveryStatusThatAccepts(_ status: Int) throws {
        let doing = Replies.job(#""status":"in-progress""#)
        #expect(try Replies.outcome(Array(doing.utf8), status: status).get().state == .inProgress)
        let failed = Replies.job(#""status":"failed""#)
        #expect(try Replies.failure(failed, status: status).code == .jobFailed)
        let done = Replies.job(#""status":"completed","url":"u""#)
        #expect(
            try Replies.outcome(Array(done.utf8), status: status).get().state == .completed(CompletedImage(url: "u")))
    }

    @Test func a404AboutAnotherJobIsAMismatch() throws {
        let body = #"{"job_id":"\#(Replies.otherText)","success":false}"#
        #expect(try Replies.failure(body, status: 404).code == .jobIDMismatch)
    }

    @Test func codeAndMessageOfTheBodyAreKept() throws {
        let body = #"{"code":"INVALID_REQUEST_BODY","message":"No.","fields":[]}"#
        let failure = try Replies.failure(body, status: 400)
        #expect(failure.apiCode == "INVALID_REQUEST_BODY")
        #expect(failure.apiMessage == "No.")
    }
}
