/// The whole simulated service as a value: a request and a moment go in, a reply comes out.
///
/// It has no clock and does no I/O, so that every rule can be tried by calling it.
struct Simulation: Sendable {
    /// The only key that is let in.
    static let apiKey = "pictai_simulator"

    let planner: JobPlanner
    /// Virtual seconds in a real one.
    let timeScale: Double
    var ledger = JobLedger()
    var statistics = Statistics()
    private var limiter: TokenBucket?

    init(scenario: Scenario, seed: UInt64, timeScale: Double = 1, forcedSize: ImageSize? = nil) {
        planner = JobPlanner(seed: seed, scenario: scenario, forcedSize: forcedSize)
        self.timeScale = timeScale
        if scenario == .rateLimited {
            limiter = TokenBucket(rate: 20, burst: 20)
        }
    }

    func virtualTime(at moment: Moment) -> Double {
        moment.seconds * timeScale
    }

    static func kind(of path: String) -> Statistics.Kind {
        if path.hasPrefix(jobsPath) { return .poll }
        return path.hasPrefix("/images/") || path.hasPrefix("/videos/") ? .image : .other
    }

    /// Answers a request to the API or the image host and counts the answer.
    mutating func answer(_ request: IncomingRequest, at moment: Moment) -> Reply {
        let kind = Simulation.kind(of: request.path)
        let reply =
            switch kind {
            case .poll: poll(request, at: moment)
            case .image: image(request, at: moment)
            case .other: GatewayReplies.noSuchJob
            }
        statistics.answered(kind, status: reply.delivery == .resetAtOnce ? Statistics.noStatus : reply.status)
        return reply
    }

    private static let jobsPath = "/pictoryapis/v1/jobs/"

    private mutating func poll(_ request: IncomingRequest, at moment: Moment) -> Reply {
        guard request.method == "GET" else { return GatewayReplies.wrongMethod }
        guard !GatewayReplies.dislikes(userAgent: request.header("User-Agent")) else {
            return GatewayReplies.bannedSignature
        }
        guard request.header("Authorization") == Simulation.apiKey, planner.scenario != .unauthorized else {
            return GatewayReplies.unauthorized
        }
        guard let job = JobID(request.path.dropFirst(Simulation.jobsPath.count)) else {
            return GatewayReplies.noSuchJob
        }
        let plan = planner.plan(for: job)
        let time = virtualTime(at: moment)
        guard limiter?.take(at: moment.seconds) ?? true else {
            return GatewayReplies.tooManyRequests(.seconds(1), at: moment)
        }
        let entry = ledger.poll(
            job, at: time, life: plan.life, restartsAfter: Fixture(job).map { _ in Fixture.restartsAfter })
        let fault = planner.pollFault(job, poll: Int(entry.polls))
        return refusal(fault, at: moment)
            ?? plain(job, plan, entry, time, authority: request.authority).delivered(delivery(fault))
    }

    /// The reply of a healthy API to a healthy request.
    private mutating func plain(
        _ job: JobID, _ plan: JobPlan, _ entry: JobLedger.Entry, _ time: Double, authority: String
    ) -> Reply {
        let done =
            switch plan.life {
            case .seconds(let seconds): (time - entry.firstPoll) / max(seconds, 0.001)
            case .polls(let count, _): Double(entry.spacedPolls) / Double(count)
            case .forever: 0.0
            }
        let never = plan.life == .forever
        if never || (done < 1 && plan.life != .seconds(0)) {
            return JobBodies.inProgress(job, progress: plan.showsProgress ? Int(done * 100) : nil)
        }
        let kind: FileAddress.Kind = plan.outcome == .video ? .video : .image
        let address = FileAddress(kind, job, generation: ledger.giveURL(job))
        return JobBodies.settled(job, plan, url: "http://\(authority)\(address.path(seed: planner.seed))")
    }

    /// What is said instead of the job's state; nil when the fault lies only in how the reply travels.
    private func refusal(_ fault: PollFault?, at moment: Moment) -> Reply? {
        switch fault {
        case .rateLimited(let hint): GatewayReplies.tooManyRequests(hint, at: moment)
        case .serverError(let status, let html, let hint):
            GatewayReplies.serverError(status, html: html, hint, at: moment)
        case .refusedByFrontDoor: GatewayReplies.bannedSignature
        case nil, .resetBeforeReply, .resetWithinReply, .cutReply, .late: nil
        }
    }

    private func delivery(_ fault: PollFault?) -> Reply.Delivery {
        switch fault {
        case .resetBeforeReply: .resetAtOnce
        case .resetWithinReply: .reset
        case .cutReply: .cut
        case .late(let seconds): .late(seconds)
        case nil, .rateLimited, .serverError, .refusedByFrontDoor: .whole
        }
    }
}

extension Reply {
    /// The same answer, travelling another way.
    func delivered(_ delivery: Delivery) -> Reply {
        var reply = self
        reply.delivery = delivery
        return reply
    }
}
