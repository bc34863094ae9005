import TestRandom

@testable import FetchCore

/// Copies of the program that share one key, each with an `Origin` of its own, and an API that limits the key.
///
/// Time is counted in milliseconds and a seed decides the rest. A request is judged when it is sent, and the reply comes
/// after 50 to 150 ms. Every copy keeps at most 16 requests in flight, as the program does if nothing else is said.
struct SharedLimit {
    /// How the copies' jobs come.
    enum Work: Equatable {
        /// There is always another job to ask about.
        case endless
        /// So many jobs, each asked about again so many seconds after its last answer.
        case polls(jobs: Int, every: Int)
    }

    let copies: Int
    let limiter: RequestLimiter.Kind
    /// The `Retry-After` of a refusal.
    var named: Duration?
    var work = Work.endless
    let seed: UInt64

    /// What came of it, minute by minute.
    struct Result {
        fileprivate(set) var refused: [Int]
        /// The requests that were answered, of each copy.
        fileprivate(set) var answered: [[Int]]
        /// What the limiter allows in a minute.
        let allowed: Double

        /// The part of what the limiter allows that was answered.
        func goodput(_ minutes: Range<Int>) -> Double {
            Double(answers(minutes).reduce(0, +)) / (allowed * Double(minutes.count))
        }

        /// The part of all requests that was refused.
        func refusedPart(_ minutes: Range<Int>) -> Double {
            let refusals = refused[minutes].reduce(0, +)
            return Double(refusals) / Double(refusals + answers(minutes).reduce(0, +))
        }

        /// The answers of the copy with the most over those of the copy with the fewest.
        func unfairness(_ minutes: Range<Int>) -> Double {
            let answers = answers(minutes)
            return Double(answers.max() ?? 0) / Double(max(1, answers.min() ?? 0))
        }

        private func answers(_ minutes: Range<Int>) -> [Int] { answered.map { $0[minutes].reduce(0, +) } }
    }

    private struct Copy {
        var origin = Origin(policy: RunPolicy())
        var inFlight = 0
        var ready: Int
        var nextJob = 0
        /// The moment at which it is awake again, in milliseconds.
        var wake = Int.max
    }

    private enum Event {
        case woke
        case due
        case reply(job: Int, isRefused: Bool)
    }

    private static let concurrency = 16

    func run(minutes: Int) -> Result {
        let end = minutes * 60_000
        var random = SeededGenerator(seed: seed)
        var limiter = RequestLimiter(limiter)
        let empty = [Int](repeating: 0, count: minutes)
        var result = Result(
            refused: empty, answered: .init(repeating: empty, count: copies), allowed: RequestLimiter.rate * 60)
        let ready = if case .polls(let jobs, _) = work { jobs } else { Int.max }
        var all = [Copy](repeating: Copy(ready: ready), count: copies)
        var agenda = [[(copy: Int, event: Event)]](repeating: [], count: end)
        agenda[0] = all.indices.map { ($0, .woke) }
        func note(_ event: Event, of copy: Int, at moment: Int) {
            if moment < end { agenda[moment].append((copy, event)) }
        }

        for moment in 0..<end where !agenda[moment].isEmpty {
            let now = Duration.milliseconds(moment)
            for (index, event) in agenda[moment] {
                take(event, by: &all[index], at: now, random: &random)
                if case .reply = event, case .polls(_, let pause) = work {
                    note(.due, of: index, at: moment + pause * 1000)
                }
                while all[index].inFlight < Self.concurrency, all[index].ready > 0 {
                    let job = all[index].nextJob
                    let admission = admit(job, of: &all[index], at: now) { note(.woke, of: index, at: $0) }
                    guard admission == .admitted else { break }
                    let isAnswered = limiter.take(at: moment)
                    if isAnswered {
                        result.answered[index][moment / 60_000] += 1
                    } else {
                        result.refused[moment / 60_000] += 1
                    }
                    let reply = Event.reply(job: job, isRefused: !isAnswered)
                    note(reply, of: index, at: moment + Int.random(in: 50...150, using: &random))
                }
            }
            agenda[moment] = []
        }
        return result
    }

    /// Has a copy take in what happened to it.
    private func take(_ event: Event, by copy: inout Copy, at now: Duration, random: inout SeededGenerator) {
        switch event {
        case .woke:
            copy.wake = .max
        case .due:
            copy.ready += 1
        case .reply(let job, isRefused: false):
            copy.inFlight -= 1
            copy.origin.answered(job, at: now)
        case .reply(let job, isRefused: true):
            copy.inFlight -= 1
            let failure = JobFailure(.rateLimited, at: .poll, "slower", httpStatus: 429, retryAfter: named)
            _ = copy.origin.failed(job, failure, at: now, jitter: { Double.random(in: 0..<1, using: &random) })
        }
    }

    /// Asks whether a copy's next request may go out, and if not, has the copy awake when it is to ask again.
    private func admit(_ job: Int, of copy: inout Copy, at now: Duration, wake: (Int) -> Void) -> Origin.Admission {
        let admission = copy.origin.admit(job, at: now)
        switch admission {
        case .admitted:
            copy.nextJob += 1
            copy.inFlight += 1
            if work != .endless { copy.ready -= 1 }
        case .at(let later):
            let moment = Int((later / .milliseconds(1)).rounded(.up))
            if moment < copy.wake {
                copy.wake = moment
                wake(moment)
            }
        case .afterProbe, .never:
            break
        }
        return admission
    }
}

/// The limit of an API: 50 requests a second.
struct RequestLimiter {
    enum Kind: Equatable {
        /// A token bucket that is full at first.
        case bucket(burst: Double)
        /// Fifty in each second of the clock.
        case window
    }

    static let rate = 50.0

    private let kind: Kind
    private var tokens: Double
    private var filled = 0

    init(_ kind: Kind) {
        self.kind = kind
        tokens = if case .bucket(let burst) = kind { burst } else { Self.rate }
    }

    /// Whether a request is answered; `moment` is in milliseconds and never goes back.
    mutating func take(at moment: Int) -> Bool {
        switch kind {
        case .bucket(let burst):
            tokens = min(burst, tokens + Double(moment - filled) * Self.rate / 1000)
        case .window:
            if moment / 1000 > filled / 1000 { tokens = Self.rate }
        }
        filled = moment
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
