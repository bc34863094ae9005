public import FetchCore
internal import JSONBridge

extension PictoryClient {
    /// Turns one reply into the state of the job, or into the failure that it amounts to.
    ///
    /// It is a pure function of the bytes, and every reply has an answer. With HTTP 200 the body decides; otherwise the
    /// HTTP status does, save that the API names an unknown job under any status.
    public static func decode(_ reply: APIReply, for id: JobID) throws(JobFailure) -> PollReply {
        let wire = WireReply(reply)
        if reply.status == 200 {
            return try state(of: wire, for: id)
        }
        if wire.error.saysJobNotFound || (reply.status == 404 && !wire.isMarkup) {
            _ = try warnings(of: wire, for: id)
            throw jobNotFound(wire)
        }
        throw wire.httpFailure
    }

    /// Reads a reply with HTTP 200.
    private static func state(of wire: WireReply, for id: JobID) throws(JobFailure) -> PollReply {
        if let flaw = wire.flaw {
            throw wire.failure(.invalidResponse, flaw)
        }
        let warnings = try warnings(of: wire, for: id)
        switch WireStatus(wire.data["status"]) {
        case .inProgress:
            return PollReply(.inProgress, warnings: warnings)
        case .completed:
            return PollReply(.completed(try image(of: wire)), warnings: warnings)
        case .failed:
            guard !wire.error.saysJobNotFound else { throw jobNotFound(wire) }
            throw wire.failure(.jobFailed, "The API says that the job failed and will give no image.")
        case .cleaned:
            throw wire.failure(.jobCleaned, "The job was finished, and the API has since removed its files.")
        case .absent:
            throw failureWithoutStatus(wire)
        case .unknown(let spelling):
            guard !wire.error.saysJobNotFound else { throw jobNotFound(wire) }
            throw wire.failure(.unknownStatus, "The API gives the job a status that is not known here: \(spelling).")
        }
    }

    /// The warning that the reply does not say whose it is, if it does not; another job's reply throws.
    private static func warnings(of wire: WireReply, for id: JobID) throws(JobFailure) -> [Warning] {
        switch wire.echo(of: id) {
        case .same: return []
        case .absent: return [.jobIDNotEchoed]
        case .another(let other):
            throw wire.failure(.jobIDMismatch, "The API answered about another job, \(other).")
        }
    }

    private static func image(of wire: WireReply) throws(JobFailure) -> CompletedImage {
        let kind = OtherJob(wire.data)
        guard let url = wire.data["url"]?.string, !url.utf8.isEmpty else {
            throw notAnImage(wire, kind)
        }
        // An ending alone proves nothing, and neither does a field: what is downloaded decides when only one speaks.
        guard kind == nil || !OtherJob.namesVideoOrSound(url) else {
            throw notAnImage(wire, kind)
        }
        return CompletedImage(
            url: url,
            width: WireNumber.dimension(wire.data["width"]),
            height: WireNumber.dimension(wire.data["height"]),
            creditsUsed: WireNumber.spelling(wire.data["aiCreditsUsed"]))
    }

    /// What a reply without `data.status` amounts to.
    private static func failureWithoutStatus(_ wire: WireReply) -> JobFailure {
        if wire.error.saysJobNotFound {
            return jobNotFound(wire)
        }
        if let kind = OtherJob(finishedWithoutStatus: wire.data) {
            return notAnImage(wire, kind)
        }
        if wire.error.isPresent {
            // Not `job_failed`: only `data.status` is documented to end a job, and such a body may be about this one
            // request. To ask again costs nothing, while giving the job up makes the user pay for another.
            return wire.failure(.invalidResponse, "The API reports an error and does not say what became of the job.")
        }
        return wire.failure(.invalidResponse, "The API's reply does not say what state the job is in.")
    }

    private static func jobNotFound(_ wire: WireReply) -> JobFailure {
        wire.failure(
            .jobNotFound,
            "The API knows no such job; if it says so of every job, check the key's account and the API url.")
    }

    private static func notAnImage(_ wire: WireReply, _ kind: OtherJob?) -> JobFailure {
        let suspicion = kind.map { ": it looks like \($0.rawValue)" } ?? ""
        return wire.failure(.notAnImageJob, "The job is completed without an image\(suspicion).")
    }
}
