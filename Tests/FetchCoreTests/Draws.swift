import TestRandom

@testable import FetchCore

/// Outcomes drawn from a seed: mostly good, and now and then each kind of bad.
final class Draws {
    private var random: SeededGenerator

    init(_ random: SeededGenerator) {
        self.random = random
    }

    func unit() -> Double { Double.random(in: 0..<1, using: &random) }

    func poll() -> Result<PollReply, JobFailure> {
        switch Int.random(in: 0..<40, using: &random) {
        case 0: .failed(.rateLimited, status: 429, retryAfter: .seconds(Int.random(in: 0...30, using: &random)))
        case 1: .failed(.serverError, status: 503, retryAfter: .seconds(5))
        case 2: .failed(.timeout)
        case 3: .failed(.jobFailed, status: 200)
        case 4: .failed(.forbidden, status: 403)
        case 5: .failed(.unknownStatus, status: 200)
        case 6: .failed(.interrupted)
        case 7 where Int.random(in: 0..<10, using: &random) == 0: .failed(.unauthorized, status: 401)
        case 8...20: .inProgress
        default: .completed
        }
    }

    func download() -> Result<ProvenImage, JobFailure> {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: .failed(.downloadHTTPError, status: 503)
        case 1: .failed(.urlExpired, status: 403)
        case 2: .failed(.notPNG)
        case 3: .failed(.truncated)
        case 4: .failed(.urlRejected)
        case 5 where Int.random(in: 0..<10, using: &random) == 0: .failed(.diskFull, at: .store, stopsRun: true)
        default: .success(.sample)
        }
    }
}
