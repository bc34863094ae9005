import Testing

@testable import FetchCore

@Suite struct RetryAdviceTests {
    /// The contract's table of codes, word for word.
    @Test(arguments: [
        (FailureCode.invalidJSON, RetryAdvice.Action.fix), (.lineTooLong, .fix), (.missingJobID, .fix),
        (.invalidJobID, .fix), (.duplicateJobID, .none), (.stillInProgress, .rerun), (.deadline, .rerun),
        (.noRecord, .rerun),
        (.interrupted, .rerun), (.rateLimited, .rerun), (.serverError, .rerun), (.timeout, .rerun),
        (.connectionFailed, .rerun), (.dnsFailed, .rerun), (.invalidResponse, .rerun), (.tlsFailed, .fix),
        (.unauthorized, .fix), (.forbidden, .fix), (.jobNotFound, .resubmit), (.jobFailed, .resubmit),
        (.jobCleaned, .resubmit), (.jobIDMismatch, .rerun), (.unknownStatus, .rerun), (.httpError, .rerun),
        (.notAnImageJob, .none), (.urlRejected, .fix), (.urlExpired, .rerun), (.downloadHTTPError, .rerun),
        (.truncated, .rerun), (.imageTooLarge, .fix), (.notPNG, .rerun), (.corruptPNG, .rerun), (.diskFull, .fix),
        (.writeFailed, .fix), (.nameTaken, .fix),
    ]) func everyCodeHasItsAction(code: FailureCode, action: RetryAdvice.Action) {
        let advice = RetryAdvice(for: .failed(JobFailure(code, at: .poll, "it failed")))
        #expect(advice?.action == action)
        #expect((advice?.after != nil) == (action == .rerun))
    }

    @Test func tooFewCreditsAreToBeFixed() {
        let failure = JobFailure(.jobFailed, at: .poll, "it failed", apiCode: "INSUFFICIENT_CREDITS")
        #expect(RetryAdvice(for: .failed(failure))?.action == .fix)
    }

    @Test func imageOfAnotherKindIsFetchedAgainUntilItCameTwiceTheSame() {
        func action(confirmed: Bool) -> RetryAdvice.Action? {
            let cause = JobFailure.Cause.otherImage(sha256: "ab", confirmed: confirmed)
            return RetryAdvice(for: .failed(JobFailure(.notPNG, at: .download, "a JPEG", cause: cause)))?.action
        }
        #expect(action(confirmed: false) == .rerun)
        #expect(action(confirmed: true) == .fix)
    }

    @Test(arguments: [
        (JobFailure.Cause.malformedURL, RetryAdvice.Reason.malformedURL), (.unusableScheme, .unusableScheme),
        (.credentialsInURL, .credentialsInURL), (.downgrade, .downgrade), (.plainHTTP, .plainHTTP),
        (.hostNotAllowed, .hostNotAllowed), (.hostNotPublic, .hostNotPublic),
    ]) func rejectedURLIsToBeFixedByItsCause(cause: JobFailure.Cause, reason: RetryAdvice.Reason) {
        let advice = RetryAdvice(for: .failed(JobFailure(.urlRejected, at: .download, "it is no good", cause: cause)))
        #expect(advice?.action == .fix)
        #expect(advice?.reason == reason)
    }

    @Test func rejectionWithoutACauseHasItsOwnReason() {
        let advice = RetryAdvice(for: .failed(JobFailure(.urlRejected, at: .download, "it is no good")))
        #expect(advice?.reason == .urlRejected)
    }

    @Test func tooManyOpenFilesAreNoMatterOfTheDirectory() {
        let failure = JobFailure(.writeFailed, at: .store, "it failed", cause: .tooManyOpenFiles)
        let advice = RetryAdvice(for: .failed(failure))
        #expect(advice?.action == .fix)
        #expect(advice?.reason == .tooManyOpenFiles)
    }

    @Test(arguments: [
        (JobFailure.Cause.unusableDirectory, RetryAdvice.Reason.directoryUnusable), (.impossibleName, .nameImpossible),
    ]) func nameOfTheImageIsToBeFixedByItsCause(cause: JobFailure.Cause, reason: RetryAdvice.Reason) {
        let advice = RetryAdvice(for: .failed(JobFailure(.writeFailed, at: .store, "it failed", cause: cause)))
        #expect(advice?.action == .fix)
        #expect(advice?.reason == reason)
    }

    @Test func serversWishIsNotCutShort() {
        let failure = JobFailure(.rateLimited, at: .poll, "wait", retryAfter: .seconds(1000))
        #expect(RetryAdvice(for: .failed(failure))?.after == .seconds(1000))
    }

    @Test func downloadedNeedsNone() {
        #expect(RetryAdvice(for: .sampleImage) == nil)
    }
}
