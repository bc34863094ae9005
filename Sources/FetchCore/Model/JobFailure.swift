/// Why a job has no image, as a value: what failed, where, and all that the other side said of it.
///
/// A failure of a job ends as a record and never stops other jobs by being thrown.
public struct JobFailure: Error, Sendable, Equatable {
    /// The step that failed.
    public enum Stage: String, Sendable, CaseIterable {
        case manifest, poll, download, store, run
    }

    public var stage: Stage
    public var code: FailureCode
    /// One sentence for a person. Nothing branches on it, and it never holds a secret or a url's query.
    public var message: String
    public var httpStatus: Int?
    /// The API's own `error_code`, verbatim.
    public var apiCode: String?
    /// The API's own `error_message`, verbatim.
    public var apiMessage: String?
    /// How long the server asked us to wait, from when its reply arrived. Never negative.
    public var retryAfter: Duration?
    /// The disk or the output directory is at fault, not this one image: nothing new is to start.
    public var stopsRun = false
    /// What lies behind a code that stands for several things; nil where the code says it all.
    public var cause: Cause?

    public init(
        _ code: FailureCode, at stage: Stage, _ message: String, httpStatus: Int? = nil, apiCode: String? = nil,
        apiMessage: String? = nil, retryAfter: Duration? = nil, stopsRun: Bool = false, cause: Cause? = nil
    ) {
        self.stage = stage
        self.code = code
        self.message = message
        self.httpStatus = httpStatus
        self.apiCode = apiCode
        self.apiMessage = apiMessage
        self.retryAfter = retryAfter
        self.stopsRun = stopsRun
        self.cause = cause
    }
}

extension JobFailure {
    /// What lies behind a code that stands for several things: what happens next, and the advice, depend on it.
    public enum Cause: Sendable, Equatable {
        // http_error at the API.
        /// HTTP 404 without the API's own words: a gateway or a load balancer may have said it.
        case foreignNotFound

        // url_rejected.
        /// The url is spelled so that nothing can be asked of it.
        case malformedURL
        /// Neither http nor https.
        case unusableScheme
        /// A user name or a password stands in the url.
        case credentialsInURL
        /// Plain http to another machine.
        case plainHTTP
        /// A redirect from https down to http.
        case downgrade
        /// The allowed hosts are named, and this is not one of them.
        case hostNotAllowed
        /// The host is, or its name leads to, an address that is not public.
        case hostNotPublic

        // invalid_json.
        /// The manifest is a compressed file.
        case compressedManifest

        // not_png.
        /// A whole image of another kind than PNG, by the SHA-256 of its bytes; `confirmed` when the same one came twice.
        ///
        /// It is stored indirectly, because it is rare and would make every failure larger.
        indirect case otherImage(sha256: String, confirmed: Bool = false)

        // write_failed, connection_failed.
        /// The process, or the machine, has too many files open.
        case tooManyOpenFiles
        /// A directory on the way to the image is a symbolic link, on another file system, or no directory.
        case unusableDirectory
        /// The file system takes no such name.
        case impossibleName
    }
}

/// What failed, in the closed list that scripts depend on; the raw values are stable.
public enum FailureCode: String, Sendable, CaseIterable {
    // A manifest line.
    case invalidJSON = "invalid_json"
    case lineTooLong = "line_too_long"
    case missingJobID = "missing_job_id"
    case invalidJobID = "invalid_job_id"
    case duplicateJobID = "duplicate_job_id"

    // Not finished in this run.
    case stillInProgress = "still_in_progress"
    case deadline
    case interrupted
    /// Results that were merged have no record of the job.
    case noRecord = "no_record"

    // The way to a server and back.
    case rateLimited = "rate_limited"
    case serverError = "server_error"
    case timeout
    case connectionFailed = "connection_failed"
    case dnsFailed = "dns_failed"
    case tlsFailed = "tls_failed"
    case invalidResponse = "invalid_response"
    case httpError = "http_error"

    // What the API says.
    case unauthorized
    case forbidden
    case jobNotFound = "job_not_found"
    case jobFailed = "job_failed"
    case jobCleaned = "job_cleaned"
    case jobIDMismatch = "job_id_mismatch"
    case unknownStatus = "unknown_status"
    case notAnImageJob = "not_an_image_job"

    // The image.
    case urlRejected = "url_rejected"
    case urlExpired = "url_expired"
    case downloadHTTPError = "download_http_error"
    case truncated
    case imageTooLarge = "image_too_large"
    case notPNG = "not_png"
    case corruptPNG = "corrupt_png"

    // The disk.
    case diskFull = "disk_full"
    case writeFailed = "write_failed"
    /// Another image, or another file, has the image's name.
    case nameTaken = "name_taken"
}
