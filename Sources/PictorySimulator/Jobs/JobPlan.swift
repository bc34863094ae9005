/// Everything that is settled about a job before anyone asks for it.
struct JobPlan: Equatable, Sendable {
    let life: JobLife
    let outcome: JobOutcome
    let picture: Picture
    /// As it is spelled in the reply; a fraction for the cheapest model.
    let creditsUsed: String
    /// Whether replies while the job runs carry `renderProgress`.
    let showsProgress: Bool
}

/// When a job stops being in progress.
enum JobLife: Equatable, Sendable {
    /// So many virtual seconds after its first poll.
    case seconds(Double)
    /// At the poll of this number, where only polls at least `spacing` virtual seconds apart are counted.
    case polls(Int, spacing: Double)
    case forever
}

/// What the API says of a job once it is no longer in progress.
enum JobOutcome: Equatable, Sendable {
    case completed(CompletedJob)
    case failed(code: String, message: String)
    case cleaned
    case notFound(NotFoundShape)
    case video
    case withoutURL
    case storyboard
    case unknownStatus
    /// The older error object, whose code is a number.
    case legacyError
    case notJSON
}

/// The ways in which the API says that it knows no such job.
enum NotFoundShape: Int, CaseIterable, Sendable {
    case http404, http404WithCode
    case inData200, topLevel200, inData500, topLevel500, inError500
}

/// A job that ended with an image, and what is odd about its reply.
struct CompletedJob: Equatable, Sendable {
    enum Echo: Equatable, Sendable {
        case own, none, other
    }

    enum Link: Equatable, Sendable {
        case picture
        /// A url that does not lead to the image host.
        case elsewhere(String)
    }

    var echo = Echo.own
    var link = Link.picture
    /// What the reply claims the size to be, when that is not the image's own.
    var declared: ImageSize?
}

/// An image, named by all that it is made from.
struct Picture: Hashable, Sendable {
    let style: PictureStyle
    let size: ImageSize
    let seed: UInt64
}
