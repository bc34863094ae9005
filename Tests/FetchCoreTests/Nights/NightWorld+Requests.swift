import Synchronization

@testable import FetchCore

/// The API.
extension NightWorld: StatusService {
    func status(of id: JobID) async throws(JobFailure) -> PollReply {
        let job = id.sampleNumber
        let now = loop.now()
        let (latency, reply, poll) = state.withLock { state in
            let (latency, reply) = state.answer(job, at: now)
            return (latency, reply, state.polls)
        }
        await loop.sleep(until: loop.now() + latency)
        try endRequest(at: .poll)
        let end = loop.now()
        state.withLock { state in
            state.apiRefusals.note(reply.failure, at: end)
            state.notFounds.note(reply, of: job, poll: poll, pollsSent: state.polls)
        }
        return try reply.get()
    }

    private func endRequest(at stage: JobFailure.Stage) throws(JobFailure) {
        let isDown = state.withLock { state in
            state.inFlight -= 1
            return state.survivor != nil
        }
        if Task.isCancelled || isDown { throw JobFailure(.interrupted, at: stage, "cancelled") }
    }
}

/// The image host.
extension NightWorld: ImageSource {
    func download(
        _ url: String, into consume: (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure) {
        let now = loop.now()
        let (latency, pieces, end) = state.withLock { $0.serve(url, at: now) }
        do throws(JobFailure) {
            for piece in pieces {
                await loop.sleep(until: loop.now() + latency)
                if Task.isCancelled { break }
                try consume(piece.span.bytes)
            }
            await loop.sleep(until: loop.now() + latency)
        } catch {
            let end = loop.now()
            state.withLock { state in
                state.inFlight -= 1
                state.imageRefusals.note(nil, at: end)
            }
            throw error
        }
        try endRequest(at: .download)
        let arrival = loop.now()
        state.withLock { $0.imageRefusals.note(end, at: arrival) }
        if let end { throw end }
    }
}

extension NightWorld.State {
    fileprivate mutating func begin(_ what: String, for job: Int) {
        log { "\(what) \(job)" }
        inFlight += 1
        guard survivor == nil else { return }
        if inFlight > policy.concurrency { broken.append("\(inFlight) requests at once") }
        if before.settledJobs.contains(job) { broken.append("O7: \(what) of job \(job), which was settled") }
    }

    fileprivate mutating func answer(_ job: Int, at now: Duration) -> (Duration, Result<PollReply, JobFailure>) {
        begin("poll", for: job)
        if apiRefusals.forbid(now) { broken.append("the API is asked before the time that it named") }
        polls += 1
        jobsPolled.insert(job)
        let latency = Duration.milliseconds(random.number(in: 1...400))
        let reply = reply(of: job, at: now)
        if case .failure(let failure) = reply {
            log { "  \(failure.code.rawValue)" }
        }
        return (latency, reply)
    }

    private mutating func reply(of job: Int, at now: Duration) -> Result<PollReply, JobFailure> {
        if let first = weather.rejectsFrom, polls >= first {
            return .failure(JobFailure(.unauthorized, at: .poll, "who are you", httpStatus: 401))
        }
        if let first = weather.forbidsFrom, polls >= first {
            return .failure(JobFailure(.forbidden, at: .poll, "not yours", httpStatus: 403))
        }
        if let refusing = weather.refusesPolls, refusing.during.contains(now) {
            return .failure(
                JobFailure(.rateLimited, at: .poll, "slower", httpStatus: 429, retryAfter: refusing.named))
        }
        if fates[job] == .unspoken || weather.foreignNotFound.contains(where: { $0.contains(now) }) {
            return .failure(
                JobFailure(.httpError, at: .poll, "who?", httpStatus: 404, cause: .foreignNotFound))
        }
        if random.chance(weather.pollFaults) {
            return .failure(Weather.drawPollFault(&random))
        }
        switch fates[job] {
        case .dead(let code):
            return .failure(JobFailure(code, at: .poll, "no image", httpStatus: 200))
        case .ready(let after) where answers[job, default: 0] >= after:
            // Now and then a completed job is called unfinished again, as by a cache on the way.
            if weather.pollFaults > 0, random.chance(0.03) { return .success(PollReply(.inProgress)) }
            if weather.pollFaults > 0, random.chance(0.1) {
                let failure = JobFailure(.invalidResponse, at: .poll, "no url", httpStatus: 200)
                return .success(PollReply(.completedWithoutURL(failure)))
            }
            let url = "https://cdn.example/\(job)/\(random.number(in: 0...3))"
            return .success(PollReply(.completed(CompletedImage(url: url, creditsUsed: "4"))))
        default:
            answers[job, default: 0] += 1
            return .success(PollReply(.inProgress))
        }
    }

    /// How long each piece takes, the pieces, and the failure after them.
    fileprivate mutating func serve(_ url: String, at now: Duration) -> (Duration, [[UInt8]], JobFailure?) {
        let parts = url.split(separator: "/")
        let job = Int(parts[2]) ?? 0
        let variant = Int(parts[3]) ?? 0
        begin("download", for: job)
        if imageRefusals.forbid(now) { broken.append("the image host is asked before the time that it named") }
        downloads.append(job)
        let latency = Duration.milliseconds(random.number(in: 1...300))
        var body = NightImage.body(of: job, variant: variant)
        var end: JobFailure?
        if let refusing = weather.refusesDownloads, refusing.during.contains(now) {
            return (
                latency, [],
                JobFailure(.downloadHTTPError, at: .download, "slower", httpStatus: 429, retryAfter: refusing.named)
            )
        }
        if parts[3] == NightImage.expiredVariant {
            return (latency, [], JobFailure(.urlExpired, at: .download, "too late", httpStatus: 403))
        }
        if random.chance(weather.downloadFaults) {
            let fault = Weather.drawDownloadFault(&random)
            log { "  \(fault)" }
            let cut = random.number(in: body.indices)
            switch fault {
            case .refused(let failure): return (latency, [], failure)
            case .brokenOff:
                body = Array(body.prefix(cut))
                end = JobFailure(.truncated, at: .download, "reset")
            case .short: body = Array(body.prefix(cut))
            case .flippedBit: body[cut] ^= 1 << UInt8(random.number(in: 0...7))
            case .page: body = Array("<html>".utf8)
            }
        }
        return (latency, pieces(of: body), end)
    }

    private mutating func pieces(of body: [UInt8]) -> [[UInt8]] {
        guard body.count > 1 else { return [body] }
        let cut = random.number(in: 1..<body.count)
        return [Array(body[..<cut]), Array(body[cut...])]
    }
}

extension JobID {
    /// The number that the id was made of with `sample`.
    var sampleNumber: Int { Int("\(self)".suffix(12), radix: 16) ?? 0 }
}
