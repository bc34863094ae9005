/// The outcomes that can be demanded by id, in any scenario.
///
/// An id whose first eight digits are `00000000` is a fixture id; its last two digits choose from this table, and the
/// digits in between only choose the picture: `00000000-0000-4000-8000-000000000004` is a job that failed. A code that
/// is not in the table is a job completed at once. What happens "once" happens again on every further round, so that a
/// simulator that runs for days shows it to everyone; a fixture that has not been polled for ten virtual minutes starts
/// anew. `unauthorized` and `rate-limited` apply to fixtures as well.
enum Fixture: UInt8, CaseIterable, Sendable {
    /// Completed at the first poll, with a good image.
    case completed = 0x01
    /// In progress for 25 virtual seconds, then completed.
    case inProgress = 0x02
    /// In progress for ever.
    case inProgressForEver = 0x03
    /// Failed with error code 5001.
    case failed5001 = 0x04
    /// Failed with `INSUFFICIENT_CREDITS`.
    case failedCredits = 0x05
    /// Cleaned: the files were removed.
    case cleaned = 0x06
    /// HTTP 404.
    case notFound404 = 0x07
    /// HTTP 200 with 5000 / `JOB_NOT_FOUND` within `data`.
    case notFoundInBody = 0x08
    /// A completed video job; the url is an MP4.
    case video = 0x09
    /// Completed without a url.
    case withoutURL = 0x0A
    /// Completed, but the reply has no `job_id`.
    case noEcho = 0x0B
    /// Completed, but the reply names another job.
    case otherEcho = 0x0C
    /// A status that no documentation knows.
    case unknownStatus = 0x0D
    /// Completed; the declared size is not the image's own.
    case declaredSizeDiffers = 0x0E
    /// The image always has a flipped bit.
    case corruptImage = 0x0F
    /// The image always ends at two thirds of its Content-Length.
    case truncatedImage = 0x10
    /// Every other url is refused with 403; the one from the next poll is good.
    case expiredOnce = 0x11
    /// The url is always 404.
    case imageNotFound = 0x12
    /// The url always gives an HTML page, as 200.
    case htmlImage = 0x13
    /// Every other poll is 429 with `Retry-After: 1`.
    case rateLimitedOnce = 0x14
    /// Two polls of three are 500, the third is good.
    case serverErrorTwice = 0x15
    /// The reply is never JSON.
    case notJSON = 0x16
    /// The url is `http://169.254.169.254/…`.
    case metadataURL = 0x17
    /// The image declares 96 MiB and sends them lazily.
    case oversizedDeclared = 0x18
    /// Every other poll is refused with 403 and an HTML page.
    case forbiddenOnce = 0x19
    /// A legacy storyboard: completed, with no status.
    case storyboard = 0x1A
    /// The image url redirects once.
    case redirect = 0x1B
    /// The image url redirects for ever.
    case redirectLoop = 0x1C
    /// HTTP 500 with 5000 / `JOB_NOT_FOUND` at top level.
    case notFoundAs500 = 0x1D
    /// In progress with `renderProgress` for 25 virtual seconds, then completed.
    case renderProgress = 0x1E
    /// Every other poll is reset before a reply.
    case pollResetOnce = 0x1F
    /// Every other download is reset half-way.
    case imageResetOnce = 0x20
    /// Every other download ends at two thirds.
    case truncatedOnce = 0x21
    /// The image falls silent half-way, always.
    case stalledImage = 0x22
    /// The image never ends and declares no length.
    case endlessImage = 0x23
    /// An error in the older shape, with a number for a code.
    case legacyError = 0x24
    /// Every other poll is 429 with `Retry-After` as a date two seconds ahead.
    case rateLimitedDateOnce = 0x25
    /// Every poll is 503 with an HTML page.
    case unavailable = 0x26
    /// The url is `file:///etc/passwd`.
    case fileURL = 0x27
    /// The image takes five virtual seconds to come.
    case slowImage = 0x28

    /// The fixture that an id demands; nil for the id of an ordinary job.
    init?(_ job: JobID) {
        guard job.high >> 32 == 0 else { return nil }
        self = Fixture(rawValue: UInt8(truncatingIfNeeded: job.low)) ?? .completed
    }
}
