import Testing

@testable import FetchCore

/// What one poll says of the way to the API.
@Suite struct APIAnswerTests {
    private func answer(_ code: FailureCode, _ status: Int? = nil) -> APIAnswer {
        APIAnswer(.failure(failure(code, status)))
    }

    private func failure(_ code: FailureCode, _ status: Int? = nil) -> JobFailure {
        JobFailure(code, at: .poll, "no", httpStatus: status)
    }

    @Test func everyStateOfTheJobIsGood() {
        #expect(APIAnswer(.success(PollReply(.inProgress))) == .state)
        for code in [FailureCode.jobFailed, .jobCleaned, .notAnImageJob, .unknownStatus] {
            #expect(answer(code, 200) == .state)
        }
        #expect(answer(.jobNotFound, 404) == .noSuchJob)
    }

    @Test func refusedKeyIsTheKeys() {
        #expect(answer(.unauthorized, 401) == .keyRejected(failure(.unauthorized, 401)))
        #expect(answer(.forbidden, 403) == .keyRejected(failure(.forbidden, 403)))
    }

    @Test func whatASettingHasToChangeIsMisdirected() {
        for (code, status) in [
            (.tlsFailed, nil), (.httpError, 404), (.httpError, 302), (.httpError, 407), (.httpError, 400),
            (.invalidResponse, 200), (.invalidResponse, nil),
        ] as [(FailureCode, Int?)] {
            #expect(answer(code, status) == .misdirected(failure(code, status)))
        }
    }

    @Test func whatMayPassIsUnavailable() {
        for (code, status) in [
            (.timeout, nil), (.connectionFailed, nil), (.dnsFailed, nil), (.rateLimited, 429), (.serverError, 503),
            (.httpError, 501), (.httpError, 599), (.jobIDMismatch, 200),
        ] as [(FailureCode, Int?)] {
            #expect(answer(code, status) == .unavailable(failure(code, status)))
        }
    }
}
