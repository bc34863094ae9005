import TestRandom

@testable import FetchCore

/// What becomes of a job, whatever happens on the way to its reply.
enum JobFate: Equatable {
    /// Completed, after so many replies that said "in progress".
    case ready(after: Int)
    case neverReady
    case dead(FailureCode)
    /// Nobody knows the job, and only somebody before the API says so.
    case unspoken

    static func draw(_ random: inout SeededGenerator) -> JobFate {
        switch random.number(in: 0..<20) {
        case 0: .neverReady
        case 1: .dead(.jobFailed)
        case 3: .unspoken
        case 2: .dead(random.pick(from: [.jobNotFound, .jobCleaned, .notAnImageJob]))
        default: .ready(after: random.chance(0.4) ? 0 : random.number(in: 1...4))
        }
    }
}
