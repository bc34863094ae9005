import FetchCore
import Testing
import WebAddress

@testable import HTTPTransport

@Suite("The failure for a url that is refused", .timeLimit(.minutes(1)))
struct JobFailureAddressTests {
    @Test func failureOfADownloadSaysWhetherToTryAgain() {
        let codes: [(Redirect.Refusal, FailureCode, JobFailure.Cause?)] = [
            (.tooMany, .downloadHTTPError, nil), (.noLocation, .downloadHTTPError, nil),
            (.downgrade, .urlRejected, .downgrade), (.badLocation(.malformed), .downloadHTTPError, nil),
            (.badLocation(.invalidInternationalHost), .downloadHTTPError, nil),
            (.badLocation(.scheme("file")), .urlRejected, .unusableScheme),
            (.badLocation(.credentials), .urlRejected, .credentialsInURL),
        ]
        for (refusal, code, cause) in codes {
            let failure = refusal.failure(httpStatus: 307)
            #expect(failure.code == code)
            #expect(failure.cause == cause)
            #expect(failure.httpStatus == 307)
        }
    }

    @Test func everyRejectedUrlHasItsCause() throws {
        let host = try #require(URLHost("10.0.0.1"))
        let causes: [(ImageURLError, JobFailure.Cause)] = [
            (.unreadable(.tooLong), .malformedURL), (.unreadable(.malformed), .malformedURL),
            (.unreadable(.notAbsolute), .malformedURL), (.unreadable(.invalidInternationalHost), .malformedURL),
            (.unreadable(.scheme("ftp")), .unusableScheme), (.unreadable(.credentials), .credentialsInURL),
            (.plainHTTP(host), .plainHTTP), (.hostNotAllowed(host), .hostNotAllowed),
            (.specialAddress(host, .privateUse), .hostNotPublic), (.thisMachine(host), .hostNotPublic),
        ]
        for (error, cause) in causes {
            let failure = error.failure(httpStatus: 302)
            #expect(failure.code == .urlRejected && failure.stage == .download)
            #expect(failure.cause == cause)
            #expect(failure.httpStatus == 302)
            #expect(failure.message == error.message)
        }
        #expect(ImageURLError.plainHTTP(host).failure().httpStatus == nil)
    }
}
