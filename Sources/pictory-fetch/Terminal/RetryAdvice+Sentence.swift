import FetchCore

extension RetryAdvice.Reason {
    /// What a person is told: a sentence that says what helps, with the settings that do.
    var sentence: String {
        switch self {
        case .compressedManifest:
            "Unpack the manifest first, then run it again; the message of its first line says how."
        case .badManifestLine: "Correct the manifest line, then run it again."
        case .duplicateJob: "The job is fetched once, for the line that named it first."

        case .notFinishedYet: "The job was not finished yet; ask again later."
        case .runEnded: "The run ended before this job did; the next run can take it up at once."
        case .notRecorded: "No run has recorded what became of this job; the next run can take it up at once."

        case .apiLimitsRequests: "The API limits the rate of requests; run again later, or with --rate."
        case .serverError: "The server had trouble of its own; it usually passes."
        case .noAnswer: "The network or the server did not answer; it usually passes."
        case .nameNotResolved: "The name could not be resolved; if it stays so, check DNS and the url."
        case .unusableReply: "The API's reply could not be used; a later one may be good."
        case .unexpectedStatus: "The API answered with an unexpected status; check --api-url if it stays so."
        case .foreignNotFound: "Whoever said “not found” may not have been the API; check --api-url, then run again."
        case .certificateNotTrusted:
            "The server's certificate is not trusted, or no TLS is spoken; check the url, the clock and --ca-file."

        case .keyRejected: "Give a valid API key, then run again."
        case .accessForbidden:
            "Check that the API key may read this job and that nothing between blocks the request."
        case .unknownJob: "The API knows no such job; check the id, or submit a new job."
        case .tooFewCredits: "The account has too few credits; add some, then submit the job again."
        case .jobFailed: "The job failed for good; submit a new one."
        case .jobCleaned: "The job's files were removed; submit a new one."
        case .notAnImageJob: "The job makes no image; it does not belong in this manifest."

        case .malformedURL: "Nothing can be fetched from such a url, and \(Self.nothingHelps)"
        case .unusableScheme: "Images are fetched by http and https alone, and \(Self.nothingHelps)"
        case .credentialsInURL: "A url with a user name in it is never used, and \(Self.nothingHelps)"
        case .downgrade: "A redirect from https down to http is never followed, and \(Self.nothingHelps)"
        case .plainHTTP: "If plain http is good enough for the images, permit it with --allow-http, then run again."
        case .hostNotAllowed: "If the image's host is to be trusted, name it too with --allow-host, then run again."
        case .hostNotPublic:
            "If the image's host is to be trusted, name it exactly with --allow-host, and with it every other host that"
                + " images come from, then run again."
        case .urlRejected: "The image's url may not be used; the message says why."
        case .urlExpired: "A later poll may give a url that works."

        case .imageHostLimitsRequests: "The image host limits the rate of requests; run again later."
        case .imageNotDelivered: "The image host did not deliver; a later try may work."
        case .imageOfAnotherKind:
            "The image is of another kind than PNG and will stay so: take it from the url that the API gives for the "
                + "job, or submit a job that makes a PNG."
        case .brokenPNG: "What came was no sound PNG; a later download may be good."
        case .imageTooLarge: "Raise --max-image-size if an image of this size is expected, then run again."

        case .diskFull: "Make room on the disk, then run again."
        case .tooManyOpenFiles:
            "Raise the limit of open files (ulimit -n, LimitNOFILE) or lower --concurrency, then run again."
        case .directoryUnusable:
            "Put a plain directory of the output directory's own file system in that place, then run again."
        case .nameImpossible: "Choose shorter or plainer names with --name, then run again."
        case .nameTaken:
            "Choose a --name that gives each job a name of its own, or move away what has the name, then run again."
        case .outputNotWritable: "Make the output directory writable, then run again."
        }
    }

    private static let nothingHelps = "no setting changes that: submit the job again, or ask Pictory's support."
}
