extension JobPlanner {
    /// What goes wrong with a job's poll of this number, counted from 1; nil is a plain reply.
    func pollFault(_ job: JobID, poll: Int) -> PollFault? {
        if let fixture = Fixture(job) { return fixture.pollFault(poll: poll) }
        let draws = draws(for: job)
        switch scenario {
        case .busy: return .late(0.2 + 1.4 * draws.unit(.latency, poll))
        case .storm: break
        default: return nil
        }
        // Rarer with every attempt, so that patience is rewarded.
        let share = [0.4, 0.28, 0.18, 0.1][min(poll, 4) - 1]
        guard draws.unit(.pollFault, poll) < share else { return nil }
        let choices: [PollFault] = [
            .rateLimited(nil), .rateLimited(.seconds(1)), .rateLimited(.seconds(3)), .rateLimited(.date(2)),
            .serverError(status: 500, html: false), .serverError(status: 502, html: true),
            .serverError(status: 503, html: true, retry: .seconds(2)), .serverError(status: 503, html: false),
            .serverError(status: 504, html: false),
            .serverError(status: 520 + draws.choice(of: 5, .pollFaultKind, poll + 1000), html: true),
            .resetBeforeReply, .resetWithinReply, .cutReply, .late(2 + 4 * draws.unit(.latency, poll)),
        ]
        return draws.element(of: choices, .pollFaultKind, poll)
    }

    /// What goes wrong with a job's download; nil is the whole image.
    func imageFault(_ job: JobID, download: Int, generation: Int) -> ImageError? {
        if let fixture = Fixture(job) {
            return fixture.imageFault(download: download, generation: generation)
        }
        let draws = draws(for: job)
        switch scenario {
        case .busy: return .slow(0.5 + 2.5 * draws.unit(.latency, download))
        case .evening: return draws.unit(.imageFault) < 0.003 ? .refused(status: 404) : nil
        case .storm: break
        default: return nil
        }
        // A url is expired from the start or never; the next poll gives a new one, which is rarely expired too.
        if draws.unit(.expiry, generation) < (generation == 1 ? 0.1 : 0.03) {
            return .refused(status: [403, 404, 410][draws.choice(of: 3, .expiry, generation + 1000)])
        }
        let share = [0.38, 0.25, 0.15, 0.08][min(download, 4) - 1]
        guard draws.unit(.imageFault, download) < share else { return nil }
        let choices: [ImageError] = [
            .serverError(status: 500), .serverError(status: 503), .resetBeforeReply, .resetWithinReply, .cut, .cut,
            .slow(1 + 4 * draws.unit(.latency, download + 1000)), .bitFlipped, .bitFlipped, .html,
        ]
        return draws.element(of: choices, .imageFaultKind, download)
    }
}
