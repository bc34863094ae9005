import FetchCore
import JSONBridge

/// The fields of a result record, each once: what is written, what is read again, and what the schema says follow from
/// this table.
///
/// Scripts depend on the names, on their order, and on a field being absent when it does not apply. To add a field: an
/// entry here, and its name in ``all``.
enum RecordFields {
    /// In the order in which a record has them; the members of an object stand together.
    static let all: [any AnyRecordField] = [
        version, jobID, status, manifest, line, shard,
        imagePath, imageName, imageBytes, imageWidth, imageHeight, imageSHA256, imageURL,
        creditsUsed,
        errorStage, errorCode, errorMessage, errorHTTPStatus, errorAPICode, errorAPIMessage,
        retryAction, retryReason, retryAfter, retryNotBefore,
        warnings, duplicateOfLine, polls, downloads, firstSeen, finishedAt, elapsed, waited, downloadTime,
        runs, input,
    ]

    /// The version of this table.
    static let versionNumber = 1

    static let version = RecordField("v", .everywhere, .constant(versionNumber)) { _ in versionNumber }
    /// As it was sent to the API; null if the line had none.
    static let jobID = RecordField("job_id", .everywhere, .jobID) { $0.record.jobID }
    static let status = RecordField("status", .everywhere, .word) { $0.status }
    /// The manifest's path as it was typed, `-` for standard input.
    static let manifest = RecordField("manifest", .everywhere, .text) { $0.entry.manifest }
    /// The line's number there, from 1.
    static let line = RecordField("line", .everywhere, .integer(from: 1)) { $0.entry.line }
    /// The part of the manifests that the run had; absent where it had all of them.
    static let shard = RecordField("shard", .optional, .shard) { $0.shard }

    /// The output directory as it was typed, joined with the image's name below it.
    static let imagePath = RecordField("path", in: .image, .ofImages, .text) { $0.image?.path }
    /// The image's name below the output directory; absent where it is the job's own.
    static let imageName = RecordField("name", in: .image, .optionalOfImages, .text) { $0.image?.name?.text }
    static let imageBytes = RecordField("bytes", in: .image, .ofImages, .integer(from: 1)) { $0.image?.bytes }
    /// From the PNG itself, as the height.
    static let imageWidth = RecordField("width", in: .image, .ofImages, .integer(from: 1)) { $0.image?.width }
    static let imageHeight = RecordField("height", in: .image, .ofImages, .integer(from: 1)) { $0.image?.height }
    static let imageSHA256 = RecordField("sha256", in: .image, .ofImages, .text(matching: "^[0-9a-f]{64}$")) {
        $0.image?.sha256
    }
    /// Without its query, which may hold a signature.
    static let imageURL = RecordField("url", in: .image, .ofImages, .text(matching: "^[^?#]+$")) { $0.imageURL }

    /// As the API spelled it.
    static let creditsUsed = RecordField("ai_credits_used", .optionalOfJobs, .number) { $0.record.creditsUsed }

    static let errorStage = RecordField("stage", in: .error, .ofFailures, .word) { $0.failure?.stage }
    static let errorCode = RecordField("code", in: .error, .ofFailures, .word) { $0.failure?.code }
    /// A sentence for a person.
    static let errorMessage = RecordField("message", in: .error, .ofFailures, .text) { $0.failure?.message }
    static let errorHTTPStatus = RecordField("http_status", in: .error, .optionalOfFailures, .integer(from: 100)) {
        $0.failure?.httpStatus
    }
    /// The API's own code and message, verbatim.
    static let errorAPICode = RecordField("api_code", in: .error, .optionalOfFailures, .text) { $0.failure?.apiCode }
    static let errorAPIMessage = RecordField("api_message", in: .error, .optionalOfFailures, .text) {
        $0.failure?.apiMessage
    }

    static let retryAction = RecordField("action", in: .retry, .ofFailures, .word) { $0.advice?.action }
    /// A sentence for a person.
    static let retryReason = RecordField("reason", in: .retry, .ofFailures, .text) { $0.reason }
    /// Whole seconds that are surely enough, with `rerun` only.
    static let retryAfter = RecordField("after_seconds", in: .retry, .optionalOfFailures, .integer(from: 0)) {
        $0.wait?.secondsRoundedUp
    }
    static let retryNotBefore = RecordField("not_before", in: .retry, .optionalOfFailures, .moment) { record in
        record.wait.map { record.finishedAt + $0 }
    }

    static let warnings = RecordField("warnings", .optionalOfJobs, .warnings) { $0.record.warnings }
    /// The line of the same job that is fetched.
    static let duplicateOfLine = RecordField("duplicate_of_line", .ofDuplicates, .integer(from: 1)) {
        $0.duplicateOfLine
    }
    /// Requests to the API.
    static let polls = RecordField("polls", .ofJobs, .integer(from: 0)) { $0.record.polls }
    /// Requests for the image.
    static let downloads = RecordField("downloads", .ofJobs, .integer(from: 0)) { $0.record.downloads }
    /// When a run first read the job.
    static let firstSeen = RecordField("first_seen", .everywhere, .moment) { $0.entry.firstSeen }
    static let finishedAt = RecordField("finished_at", .everywhere, .moment) { $0.finishedAt }
    /// From the first poll to the end; absent for a job that was not polled.
    static let elapsed = RecordField("elapsed_ms", .optionalOfJobs, .integer(from: 0)) { record in
        record.record.elapsed.map { Int($0.wholeMilliseconds) }
    }
    /// From the first poll to the first reply that said "completed".
    static let waited = RecordField("waited_ms", .optionalOfJobs, .integer(from: 0)) { record in
        record.record.waited.map { Int($0.wholeMilliseconds) }
    }
    /// From the request for the image that was kept, redirects included, to its last byte.
    static let downloadTime = RecordField("download_ms", .optionalOfImages, .integer(from: 0)) { record in
        record.record.downloadTime.map { Int($0.wholeMilliseconds) }
    }
    /// How many runs have read the job, this one included; none for a job of which nothing was recorded.
    static let runs = RecordField("runs", .everywhere, .integer(from: 0)) { $0.entry.runs }
    /// The manifest line's JSON, byte for byte; absent for a bare string and for what is not JSON.
    static let input = RecordField("input", .optional, .verbatim) { $0.entry.input }
}

extension Duration {
    /// Whole seconds that are surely enough.
    fileprivate var secondsRoundedUp: Int {
        let (seconds, attoseconds) = components
        return attoseconds > 0 ? Int(seconds) + 1 : Int(seconds)
    }
}
