import TestRandom

@testable import FetchCore

/// What a seed fixes before the first run of its night: the manifest, the jobs behind it, and the rules.
struct NightPlan {
    let lines: [NightLine]
    let policy: RunPolicy
    /// Syncs are made. Without them only the program is killed, never the machine.
    let isDurable: Bool
    /// The results lie on the disk that may be full.
    let sharesDisk: Bool
    /// How many runs have bad weather before the calm ones.
    let storms: Int
    /// What the lines of some jobs tell of their end, which the runs believe.
    let told: [Int: TrustedReply]

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        lines = NightLine.draw(&random)
        policy = Self.drawPolicy(&random)
        isDurable = !random.chance(0.15)
        sharesDisk = random.chance(0.5)
        storms = random.number(in: 1...3)
        told = Self.drawTold(&random, of: lines)
    }

    /// One night in three has lines that are believed. Some urls have expired.
    private static func drawTold(_ random: inout SeededGenerator, of lines: [NightLine]) -> [Int: TrustedReply] {
        guard random.chance(0.3) else { return [:] }
        return lines.reduce(into: [:]) { told, line in
            switch line.content {
            case .job(let job, .ready) where random.chance(0.5):
                let variant = random.chance(0.3) ? NightImage.expiredVariant : "\(random.number(in: 0...3))"
                let url = "https://cdn.example/\(job)/\(variant)"
                told[job] = .completed(CompletedImage(url: url, creditsUsed: "4"), warnings: [])
            case .job(let job, .dead(let code)) where [.jobFailed, .jobCleaned].contains(code):
                told[job] = .failed(JobFailure(code, at: .poll, "no image"))
            default:
                break
            }
        }
    }

    /// What becomes of each job.
    var fates: [Int: JobFate] {
        lines.reduce(into: [:]) { fates, line in
            if case .job(let job, let fate) = line.content { fates[job] = fate }
        }
    }

    /// The rules of the calm runs at the end: enough time for everything, all else as it was.
    var patientPolicy: RunPolicy {
        var policy = policy
        policy.once = false
        policy.deadline = nil
        policy.maxWait = .seconds(900)
        return policy
    }

    private static func drawPolicy(_ random: inout SeededGenerator) -> RunPolicy {
        RunPolicy(
            concurrency: random.number(in: 1...6), window: random.number(in: 1...20),
            rate: random.chance(0.3) ? Double(random.number(in: 1...20)) : nil,
            maxWait: .seconds(random.number(in: 1...400)), once: random.chance(0.1),
            deadline: random.chance(0.3)
                ? .milliseconds(random.number(in: 0...random.pick(from: [500, 5_000, 120_000]))) : nil,
            retries: random.number(in: 0...4))
    }
}
