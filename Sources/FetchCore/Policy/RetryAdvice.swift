/// What the user should do about a line that has no image: the record's `retry`.
public struct RetryAdvice: Sendable, Equatable {
    /// The raw values are stable.
    public enum Action: String, Sendable, CaseIterable {
        /// The same id, again, later.
        case rerun
        /// This job will never give an image: submit a new one.
        case resubmit
        /// Something on the user's side first, then rerun.
        case fix
        /// Nothing to do.
        case none
    }

    /// What is wrong, and so what helps: one case for each sentence that a person is told. The words, which name
    /// settings, are the program's.
    public enum Reason: Sendable, Hashable, CaseIterable {
        case compressedManifest, badManifestLine, duplicateJob
        case notFinishedYet, runEnded, notRecorded
        case apiLimitsRequests, serverError, noAnswer, nameNotResolved, unusableReply, unexpectedStatus
        /// A "not found" that may not be the API's.
        case foreignNotFound
        case certificateNotTrusted, keyRejected, accessForbidden
        case unknownJob, tooFewCredits, jobFailed, jobCleaned, notAnImageJob
        case malformedURL, unusableScheme, credentialsInURL, downgrade, plainHTTP, hostNotAllowed, hostNotPublic
        /// By a rule that has no sentence of its own.
        case urlRejected
        case urlExpired, imageHostLimitsRequests, imageNotDelivered
        /// It came twice the same, so that is how the API made it.
        case imageOfAnotherKind
        case brokenPNG, imageTooLarge
        case diskFull, tooManyOpenFiles, outputNotWritable
        case directoryUnusable, nameImpossible, nameTaken
    }

    public let action: Action
    public let reason: Reason
    /// With `rerun`: how long to wait first.
    public let after: Duration?

    /// The advice for an end; nil for a downloaded image, which needs none.
    ///
    /// This is the one place that knows which failure deserves which action.
    public init?(for outcome: JobOutcome) {
        guard let failure = outcome.failure else { return nil }
        self.init(for: failure)
    }

    /// What is usually wrong when a job ends with this code.
    public static func usualReason(for code: FailureCode) -> Reason {
        RetryAdvice(for: JobFailure(code, at: .run, "")).reason
    }

    private init(_ action: Action, _ reason: Reason, after: Duration? = nil) {
        self.action = action
        self.reason = reason
        self.after = after
    }

    private init(rerunAfter wait: Duration, _ reason: Reason) {
        self.init(.rerun, reason, after: wait)
    }

    private init(for failure: JobFailure) {
        // A server's own wish is never cut short.
        func atLeast(_ usual: Duration) -> Duration { max(usual, failure.retryAfter ?? .zero) }

        switch failure.code {
        case .invalidJSON where failure.cause == .compressedManifest: self.init(.fix, .compressedManifest)
        case .invalidJSON, .lineTooLong, .missingJobID, .invalidJobID: self.init(.fix, .badManifestLine)
        case .duplicateJobID: self.init(.none, .duplicateJob)

        case .stillInProgress: self.init(rerunAfter: .seconds(60), .notFinishedYet)
        case .deadline, .interrupted: self.init(rerunAfter: .zero, .runEnded)
        case .noRecord: self.init(rerunAfter: .zero, .notRecorded)

        case .rateLimited: self.init(rerunAfter: failure.retryAfter ?? .seconds(60), .apiLimitsRequests)
        case .serverError: self.init(rerunAfter: atLeast(.seconds(300)), .serverError)
        case .timeout, .connectionFailed: self.init(rerunAfter: .seconds(60), .noAnswer)
        case .dnsFailed: self.init(rerunAfter: .seconds(300), .nameNotResolved)
        case .invalidResponse, .unknownStatus, .jobIDMismatch: self.init(rerunAfter: .seconds(300), .unusableReply)
        case .httpError where failure.cause == .foreignNotFound: self.init(rerunAfter: .seconds(300), .foreignNotFound)
        case .httpError: self.init(rerunAfter: .seconds(300), .unexpectedStatus)
        case .tlsFailed: self.init(.fix, .certificateNotTrusted)

        case .unauthorized: self.init(.fix, .keyRejected)
        case .forbidden: self.init(.fix, .accessForbidden)
        case .jobNotFound: self.init(.resubmit, .unknownJob)
        case .jobFailed where failure.apiCode == Self.insufficientCredits: self.init(.fix, .tooFewCredits)
        case .jobFailed: self.init(.resubmit, .jobFailed)
        case .jobCleaned: self.init(.resubmit, .jobCleaned)
        case .notAnImageJob: self.init(.none, .notAnImageJob)

        case .urlRejected: self.init(.fix, Self.reason(forRejected: failure.cause))
        case .urlExpired: self.init(rerunAfter: .seconds(60), .urlExpired)
        case .downloadHTTPError where failure.isRefusal:
            self.init(rerunAfter: failure.retryAfter ?? .seconds(60), .imageHostLimitsRequests)
        case .downloadHTTPError, .truncated: self.init(rerunAfter: atLeast(.seconds(60)), .imageNotDelivered)
        case .notPNG where failure.isOtherImageForSure: self.init(.fix, .imageOfAnotherKind)
        case .notPNG, .corruptPNG: self.init(rerunAfter: .seconds(300), .brokenPNG)
        case .imageTooLarge: self.init(.fix, .imageTooLarge)

        case .diskFull: self.init(.fix, .diskFull)
        case .writeFailed where failure.cause == .tooManyOpenFiles: self.init(.fix, .tooManyOpenFiles)
        case .writeFailed where failure.cause == .unusableDirectory: self.init(.fix, .directoryUnusable)
        case .writeFailed where failure.cause == .impossibleName: self.init(.fix, .nameImpossible)
        case .writeFailed: self.init(.fix, .outputNotWritable)
        case .nameTaken: self.init(.fix, .nameTaken)
        }
    }

    /// The code with which the API refuses for want of credits.
    public static let insufficientCredits = "INSUFFICIENT_CREDITS"

    private static func reason(forRejected cause: JobFailure.Cause?) -> Reason {
        switch cause {
        case .malformedURL: .malformedURL
        case .unusableScheme: .unusableScheme
        case .credentialsInURL: .credentialsInURL
        case .downgrade: .downgrade
        case .plainHTTP: .plainHTTP
        case .hostNotAllowed: .hostNotAllowed
        case .hostNotPublic: .hostNotPublic
        default: .urlRejected
        }
    }
}

extension JobFailure {
    /// An image of another kind came, and it came twice the same, so that is how the API made it.
    fileprivate var isOtherImageForSure: Bool {
        if case .otherImage(_, confirmed: true) = cause { true } else { false }
    }
}
