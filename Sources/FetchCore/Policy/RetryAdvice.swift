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

    public let action: Action
    /// One sentence for a person.
    public let reason: String
    /// With `rerun`: how long to wait first.
    public let after: Duration?

    /// The advice for an end; nil for a downloaded image, which needs none.
    ///
    /// This is the one place that knows which failure deserves which action.
    public init?(for outcome: JobOutcome) {
        guard let failure = outcome.failure else { return nil }
        self.init(for: failure)
    }

    private init(_ action: Action, _ reason: String, after: Duration? = nil) {
        self.action = action
        self.reason = reason
        self.after = after
    }

    private init(rerunAfter wait: Duration, _ reason: String) {
        self.init(.rerun, reason, after: wait)
    }

    private init(for failure: JobFailure) {
        // A server's own wish is never cut short.
        func atLeast(_ usual: Duration) -> Duration { max(usual, failure.retryAfter ?? .zero) }

        switch failure.code {
        case .invalidJSON where failure.cause == .compressedManifest:
            self.init(.fix, "Unpack the manifest first, then run it again; the message of its first line says how.")
        case .invalidJSON, .lineTooLong, .missingJobID, .invalidJobID:
            self.init(.fix, "Correct the manifest line, then run it again.")
        case .duplicateJobID:
            self.init(.none, "The job is fetched once, for the line that named it first.")

        case .stillInProgress:
            self.init(rerunAfter: .seconds(60), "The job was not finished yet; ask again later.")
        case .deadline, .interrupted:
            self.init(rerunAfter: .zero, "The run ended before this job did; the next run can take it up at once.")

        case .rateLimited:
            self.init(
                rerunAfter: failure.retryAfter ?? .seconds(60),
                "The API limits the rate of requests; run again later, or with --rate.")
        case .serverError:
            self.init(rerunAfter: atLeast(.seconds(300)), "The server had trouble of its own; it usually passes.")
        case .timeout, .connectionFailed:
            self.init(rerunAfter: .seconds(60), "The network or the server did not answer; it usually passes.")
        case .dnsFailed:
            self.init(
                rerunAfter: .seconds(300), "The name could not be resolved; if it stays so, check DNS and the url.")
        case .invalidResponse, .unknownStatus, .jobIDMismatch:
            self.init(rerunAfter: .seconds(300), "The API's reply could not be used; a later one may be good.")
        case .httpError where failure.cause == .foreignNotFound:
            self.init(
                rerunAfter: .seconds(300),
                "Whoever said “not found” may not have been the API; check --api-url, then run again.")
        case .httpError:
            self.init(
                rerunAfter: .seconds(300), "The API answered with an unexpected status; check --api-url if it stays so."
            )
        case .tlsFailed:
            self.init(.fix, "The server's certificate is not trusted; check the clock, the url and --ca-file.")

        case .unauthorized:
            self.init(.fix, "Give a valid API key, then run again.")
        case .forbidden:
            self.init(.fix, "Check that the API key may read this job and that nothing between blocks the request.")
        case .jobNotFound:
            self.init(.resubmit, "The API knows no such job; check the id, or submit a new job.")
        case .jobFailed where failure.apiCode == Self.insufficientCredits:
            self.init(.fix, "The account has too few credits; add some, then submit the job again.")
        case .jobFailed:
            self.init(.resubmit, "The job failed for good; submit a new one.")
        case .jobCleaned:
            self.init(.resubmit, "The job's files were removed; submit a new one.")
        case .notAnImageJob:
            self.init(.none, "The job makes no image; it does not belong in this manifest.")

        case .urlRejected:
            self.init(.fix, Self.reason(forRejected: failure.cause))
        case .urlExpired:
            self.init(rerunAfter: .seconds(60), "A later poll may give a url that works.")
        case .downloadHTTPError where failure.isRefusal:
            self.init(
                rerunAfter: failure.retryAfter ?? .seconds(60),
                "The image host limits the rate of requests; run again later.")
        case .downloadHTTPError, .truncated:
            self.init(rerunAfter: atLeast(.seconds(60)), "The image host did not deliver; a later try may work.")
        case .notPNG where failure.isOtherImageForSure:
            self.init(
                .fix,
                "The image is of another kind than PNG and will stay so: take it from the url that the API gives for the "
                    + "job, or submit a job that makes a PNG.")
        case .notPNG, .corruptPNG:
            self.init(rerunAfter: .seconds(300), "What came was no sound PNG; a later download may be good.")
        case .imageTooLarge:
            self.init(.fix, "Raise --max-image-size if an image of this size is expected, then run again.")

        case .diskFull:
            self.init(.fix, "Make room on the disk, then run again.")
        case .writeFailed where failure.cause == .tooManyOpenFiles:
            self.init(
                .fix, "Raise the limit of open files (ulimit -n, LimitNOFILE) or lower --concurrency, then run again.")
        case .writeFailed:
            self.init(.fix, "Make the output directory writable, then run again.")
        }
    }

    /// The code with which the API refuses because the account has too few credits.
    public static let insufficientCredits = "INSUFFICIENT_CREDITS"

    /// What can be done about a url that was rejected; often it is nothing that could be set.
    private static func reason(forRejected cause: JobFailure.Cause?) -> String {
        let elsewhere = "no setting changes that: submit the job again, or ask Pictory's support."
        return switch cause {
        case .malformedURL: "Nothing can be fetched from such a url, and \(elsewhere)"
        case .unusableScheme: "Images are fetched by http and https alone, and \(elsewhere)"
        case .credentialsInURL: "A url with a user name in it is never used, and \(elsewhere)"
        case .downgrade: "A redirect from https down to http is never followed, and \(elsewhere)"
        case .plainHTTP: "If plain http is good enough for the images, permit it with --allow-http, then run again."
        case .hostNotAllowed:
            "If the image's host is to be trusted, name it too with --allow-host, then run again."
        case .hostNotPublic:
            "If the image's host is to be trusted, name it exactly with --allow-host, and with it every other host that"
                + " images come from, then run again."
        default: "The image's url may not be used; the message says why."
        }
    }
}

extension JobFailure {
    /// An image of another kind came, and it came twice the same, so that is how the API made it.
    fileprivate var isOtherImageForSure: Bool {
        if case .otherImage(_, confirmed: true) = cause { true } else { false }
    }
}
