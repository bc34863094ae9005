/// Settles a job's life, outcome and picture from its id, the seed and the scenario.
struct JobPlanner: Sendable {
    let seed: UInt64
    let scenario: Scenario
    /// One size for every image; nil lets the id choose.
    let forcedSize: ImageSize?

    /// Sizes that image models offer; listed twice, a size is twice as likely.
    private static let sizes = [
        ImageSize(1024, 1024), ImageSize(1024, 1024), ImageSize(1280, 720), ImageSize(768, 1024),
        ImageSize(1344, 768), ImageSize(896, 1152), ImageSize(1152, 896),
    ]
    /// What the models cost per image.
    private static let credits = ["0.6", "2", "4", "14"]

    func draws(for job: JobID) -> JobDraws {
        JobDraws(seed: seed, job: job)
    }

    func plan(for job: JobID) -> JobPlan {
        let draws = draws(for: job)
        let picture = Picture(
            style: draws.element(of: PictureStyle.allCases, .style),
            size: forcedSize ?? draws.element(of: JobPlanner.sizes, .size),
            seed: draws.bits(.picture))
        let fixture = Fixture(job)
        let settled = fixture.map { ($0.life, $0.outcome) } ?? drawn(draws, picture.size)
        return JobPlan(
            life: settled.0, outcome: settled.1, picture: picture,
            creditsUsed: draws.element(of: JobPlanner.credits, .credits),
            showsProgress: fixture.map { $0 == .renderProgress } ?? (draws.unit(.variant, 9) < 0.04))
    }

    private func drawn(_ draws: JobDraws, _ size: ImageSize) -> (JobLife, JobOutcome) {
        switch scenario {
        case .evening: (eveningLife(draws), eveningOutcome(draws, size))
        case .waiting: (.polls(1 + draws.choice(of: 12, .life), spacing: 10), .completed(CompletedJob()))
        case .calm, .storm, .busy, .unauthorized, .rateLimited:
            (calmLife(draws), .completed(CompletedJob()))
        }
    }

    /// Three jobs of five were submitted long enough ago to be finished; the rest take up to two virtual minutes.
    private func calmLife(_ draws: JobDraws) -> JobLife {
        draws.unit(.life) < 0.6 ? .seconds(0) : .seconds(5 + 115 * draws.unit(.life, 1))
    }

    private func eveningLife(_ draws: JobDraws) -> JobLife {
        switch draws.unit(.life) {
        case ..<0.6: .seconds(0)
        case ..<0.97: .seconds(5 + 235 * draws.unit(.life, 1))
        case ..<0.995: .seconds(600 + 3000 * draws.unit(.life, 1))
        default: .forever
        }
    }

    private func eveningOutcome(_ draws: JobDraws, _ size: ImageSize) -> JobOutcome {
        let place = draws.unit(.outcome)
        var edge = 0.0
        for (share, outcome) in JobPlanner.misfortunes {
            edge += share
            guard place >= edge else { return outcome(draws) }
        }
        var completed = CompletedJob()
        if draws.unit(.declaredSize) < 0.05 {
            // A reply that names the aspect ratio that was asked for, over an image that is another size.
            completed.declared = size == ImageSize(1280, 720) ? ImageSize(1024, 1024) : ImageSize(1280, 720)
        }
        return .completed(completed)
    }

    /// What a job of the evening may come to instead of a good image, and how often.
    private static let misfortunes: [(share: Double, outcome: @Sendable (JobDraws) -> JobOutcome)] = [
        (0.012, { _ in .failed(code: "5001", message: "Image generation failed. Please try again.") }),
        (0.006, { _ in .failed(code: "INSUFFICIENT_CREDITS", message: "You do not have enough AI credits.") }),
        (0.004, { _ in .failed(code: "TEXT_TO_VIDEO_FAILED", message: "The prompt could not be rendered.") }),
        (0.008, { _ in .cleaned }),
        (0.014, { .notFound($0.element(of: NotFoundShape.allCases, .variant)) }),
        (0.004, { _ in .video }),
        (0.004, { _ in .withoutURL }),
        (0.003, { _ in .storyboard }),
        (0.003, { _ in .unknownStatus }),
        (0.002, { _ in .legacyError }),
        (0.006, { _ in .completed(CompletedJob(echo: .none)) }),
        (0.003, { _ in .completed(CompletedJob(echo: .other)) }),
    ]
}
