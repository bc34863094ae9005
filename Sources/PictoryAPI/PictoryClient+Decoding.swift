public import FetchCore
internal import JSONBridge

extension PictoryClient {
    /// Turns one reply into the state of the job, or into a failure.
    ///
    /// It is a pure function of the bytes, and every reply has an answer. With HTTP 200 the body decides, and with 201
    /// to 203 too if it tells a job's state. Otherwise the HTTP status decides, except that an unknown job may have any
    /// status.
    public static func decode(_ reply: APIReply, for id: JobID) throws(JobFailure) -> PollReply {
        let wire = WireReply(reply)
        if reply.status == 200 || (201...203).contains(reply.status) && wire.tellsAState {
            return try state(of: wire, for: id)
        }
        let notFound = wire.error.notFound
        // With other words beside it, the API's number could mean anything. Under 404 it means what the status says.
        if notFound == .words || reply.status == 404 && notFound == .number {
            _ = try warnings(of: wire, for: id)
            throw jobNotFound(wire)
        }
        if reply.status == 404 {
            _ = try warnings(of: wire, for: id)
            throw foreignNotFound(wire)
        }
        throw wire.httpFailure
    }

    /// Reads a manifest line as a reply about this job, in the same way; nil if it does not tell the job's end.
    ///
    /// The end is `completed`, `failed` or `cleaned`, told once. No HTTP status has come with a line, so a failure names
    /// none.
    public static func reply(on line: [UInt8], for id: JobID) -> Result<PollReply, JobFailure>? {
        let wire = WireReply(APIReply(status: 200, body: line))
        guard wire.tellsTheEnd, !repeatsAName(line) else { return nil }
        do throws(JobFailure) {
            return .success(try state(of: wire, for: id))
        } catch {
            var failure = error
            failure.httpStatus = nil
            return .failure(failure)
        }
    }

    /// Whether a line names a thing twice, beside the job or in what describes it, and so may say two things of it.
    private static func repeatsAName(_ line: [UInt8]) -> Bool {
        // Read as a reply is, so this succeeds where that did.
        guard let whole = try? JSONDocument(parsing: line, limits: WireReply.limits, reading: .loose),
            whole.repeatedMembers.isEmpty, let place = whole.range(ofMember: "data"),
            let data = try? JSONDocument(
                parsing: line.span.extracting(place).bytes, limits: WireReply.limits, reading: .loose)
        else { return true }
        return !data.repeatedMembers.isEmpty
    }

    /// Reads a reply whose body decides.
    private static func state(of wire: WireReply, for id: JobID) throws(JobFailure) -> PollReply {
        if let flaw = wire.flaw {
            throw wire.failure(.invalidResponse, flaw)
        }
        let warnings = try warnings(of: wire, for: id)
        switch wire.status {
        case .inProgress:
            return PollReply(.inProgress, warnings: warnings)
        case .completed:
            return PollReply(try completed(wire), warnings: warnings)
        case .failed:
            guard wire.error.notFound != .words else { throw jobNotFound(wire) }
            throw wire.failure(.jobFailed, "The API says that the job failed and will give no image.")
        case .cleaned:
            throw wire.failure(.jobCleaned, "The job was finished, and the API has since removed its files.")
        case .absent:
            throw failureWithoutStatus(wire)
        case .unknown(let spelling):
            guard wire.error.notFound != .words else { throw jobNotFound(wire) }
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

    private static func completed(_ wire: WireReply) throws(JobFailure) -> PollReply.State {
        let kind = OtherJob(wire.data)
        guard let url = wire.data["url"]?.string, url.utf8.contains(where: { $0 > UInt8(ascii: " ") }) else {
            if let kind { throw notAnImage(wire, kind) }
            return .completedWithoutURL(
                wire.failure(.invalidResponse, "The API says that the job is completed, and gives no url of an image."))
        }
        // Neither the url's ending nor a field is a proof. If only one of them says so, the download decides.
        if let kind, OtherJob.namesVideoOrSound(url) { throw notAnImage(wire, kind) }
        return .completed(
            CompletedImage(
                url: url,
                width: WireNumber.dimension(wire.data["width"]),
                height: WireNumber.dimension(wire.data["height"]),
                creditsUsed: WireNumber.spelling(wire.data["aiCreditsUsed"])))
    }

    /// What a reply without `data.status` means.
    private static func failureWithoutStatus(_ wire: WireReply) -> JobFailure {
        if wire.error.notFound == .words {
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

    /// Without the API's own words, a load balancer or a gateway may have answered for it: nothing is known of the job.
    private static func foreignNotFound(_ wire: WireReply) -> JobFailure {
        let refusal = HTTPRefusal(status: 404)
        return wire.failure(refusal.code, refusal.message, cause: .foreignNotFound)
    }

    private static func notAnImage(_ wire: WireReply, _ kind: OtherJob) -> JobFailure {
        wire.failure(.notAnImageJob, "The job is completed without an image: it looks like \(kind.rawValue).")
    }
}
