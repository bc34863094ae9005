extension Fixture {
    /// After so many virtual seconds without a poll a fixture starts anew.
    static let restartsAfter: Double = 600

    var life: JobLife {
        switch self {
        case .inProgress, .renderProgress: .seconds(25)
        case .inProgressForEver: .forever
        default: .seconds(0)
        }
    }

    var outcome: JobOutcome {
        switch self {
        case .failed5001: .failed(code: "5001", message: "Image generation failed. Please try again.")
        case .failedCredits:
            .failed(code: "INSUFFICIENT_CREDITS", message: "You do not have enough AI credits for this request.")
        case .cleaned: .cleaned
        case .notFound404: .notFound(.http404)
        case .notFoundInBody: .notFound(.inData200)
        case .notFoundAs500: .notFound(.topLevel500)
        case .video: .video
        case .withoutURL: .withoutURL
        case .noEcho: .completed(CompletedJob(echo: .none))
        case .otherEcho: .completed(CompletedJob(echo: .other))
        case .unknownStatus: .unknownStatus
        case .declaredSizeDiffers: .completed(CompletedJob(declared: ImageSize(1280, 720)))
        case .notJSON: .notJSON
        case .metadataURL:
            .completed(CompletedJob(link: .elsewhere("http://169.254.169.254/latest/meta-data/image.png")))
        case .fileURL: .completed(CompletedJob(link: .elsewhere("file:///etc/passwd")))
        case .storyboard: .storyboard
        case .legacyError: .legacyError
        default: .completed(CompletedJob())
        }
    }

    /// What goes wrong with the poll of this number, counted from 1.
    func pollFault(poll: Int) -> PollFault? {
        switch self {
        case .rateLimitedOnce where poll % 2 == 1: .rateLimited(.seconds(1))
        case .rateLimitedDateOnce where poll % 2 == 1: .rateLimited(.date(2))
        case .serverErrorTwice where poll % 3 != 0: .serverError(status: 500, html: false)
        case .forbiddenOnce where poll % 2 == 1: .refusedByFrontDoor
        case .pollResetOnce where poll % 2 == 1: .resetBeforeReply
        case .unavailable: .serverError(status: 503, html: true)
        default: nil
        }
    }

    /// What goes wrong with the download of this number, from a url of this generation, both counted from 1.
    func imageFault(download: Int, generation: Int) -> ImageError? {
        switch self {
        case .corruptImage: .bitFlipped
        case .truncatedImage: .cut
        case .truncatedOnce where download % 2 == 1: .cut
        case .imageResetOnce where download % 2 == 1: .resetWithinReply
        case .expiredOnce where generation % 2 == 1: .refused(status: 403)
        case .imageNotFound: .refused(status: 404)
        case .htmlImage: .html
        case .oversizedDeclared: .oversized(declared: true)
        case .endlessImage: .oversized(declared: false)
        case .stalledImage: .stalled
        case .slowImage: .slow(5)
        case .redirect: .redirect
        case .redirectLoop: .redirectLoop
        default: nil
        }
    }
}
