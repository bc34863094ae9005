import FoundationEssentials
import FetchCore
import Testing

/// Copies that share one key find the API's limit together: they use it, are seldom refused, and get like shares.
///
/// `SHARED_LIMIT_SEEDS` in the environment says of how many seeds a table is printed; see `scripts/shared-limit`.
@Suite struct SharedLimitTests {
    /// A limiter with the `Retry-After` of its refusals.
    struct Server: Sendable, CustomTestStringConvertible {
        let limiter: RequestLimiter.Kind
        let named: Duration?

        var testDescription: String {
            let limit =
                switch limiter {
                case .bucket(let burst): "token bucket, burst \(Int(burst))"
                case .window: "window of a second"
                }
            return limit + (named == nil ? "" : ", Retry-After")
        }

        static let all = [nil, Duration.seconds(1)].flatMap { named in
            [.bucket(burst: 10), .bucket(burst: 50), .window].map { Server(limiter: $0, named: named) }
        }

        func limit(of copies: Int, seed: UInt64) -> SharedLimit {
            SharedLimit(copies: copies, limiter: limiter, named: named, seed: seed)
        }
    }

    @Test(arguments: Server.all, [1, 8, 64])
    func limitIsUsedAndRefusalsAreFew(server: Server, copies: Int) {
        let result = server.limit(of: copies, seed: 1).run(minutes: 6)
        #expect(result.goodput(1..<6) >= 0.85)
        #expect(result.refusedPart(1..<6) <= 0.05)
    }

    @Test(arguments: [2, 3, 4, 5] as [UInt64])
    func limitIsUsedAndRefusalsAreFewWhateverTheSeed(seed: UInt64) {
        let result = Server.all[0].limit(of: 64, seed: seed).run(minutes: 6)
        #expect(result.goodput(1..<6) >= 0.85)
        #expect(result.refusedPart(1..<6) <= 0.05)
    }

    /// A copy that shares with 63 others is refused twice a minute, and nothing else tells it of its share. In ten minutes
    /// its share is known to it within some 15 %, in half an hour within some 8 %. Between the most and the least of 64
    /// copies lies four or five times as much. So this takes half an hour to an hour.
    @Test(arguments: [Server.all[0], Server.all[5]], [8, 64])
    func sharesAreAlike(server: Server, copies: Int) {
        let result = server.limit(of: copies, seed: 3).run(minutes: 31)
        #expect(result.unfairness(1..<31) <= 2)
    }

    /// Each copy has jobs for a few requests a second, which come all at once at first.
    @Test(arguments: Server.all)
    func pollsThatNeedLessThanTheLimitAreNotHeldBack(server: Server) {
        var limit = server.limit(of: 64, seed: 1)
        limit.work = .polls(jobs: 6, every: 10)
        let result = limit.run(minutes: 6)
        #expect(result.goodput(3..<6) >= 0.9 * 64 * 0.6 / RequestLimiter.rate)
        #expect(result.refusedPart(3..<6) <= 0.05)
    }

    @Test(.enabled(if: seedCount > 0), arguments: Server.all)
    func table(server: Server) {
        for copies in [1, 2, 8, 16, 64] {
            let results = (1...Self.seedCount).map { server.limit(of: copies, seed: $0).run(minutes: 61) }
            let row: [String] = [
                "\(copies)", server.testDescription,
                Self.text(results.map { $0.goodput(1..<11) }, percent: true),
                Self.text(results.map { $0.refusedPart(1..<11) }, percent: true),
                Self.text(results.map { $0.unfairness(1..<11) }),
                Self.text(results.map { $0.unfairness(1..<31) }),
                Self.text(results.map { $0.unfairness(1..<61) }),
            ]
            print("| \(row.joined(separator: " | ")) |")
        }
    }

    /// The median and the extremes.
    private static func text(_ values: [Double], percent: Bool = false) -> String {
        let sorted = values.sorted()
        let texts = [sorted[0], sorted[sorted.count / 2], sorted[sorted.count - 1]].map {
            percent ? "\(($0 * 1000).rounded() / 10)" : "\(($0 * 10).rounded() / 10)"
        }
        return "\(texts[1]) (\(texts[0])–\(texts[2]))" + (percent ? " %" : "")
    }

    private static let seedCount =
        ProcessInfo.processInfo.environment["SHARED_LIMIT_SEEDS"].flatMap(UInt64.init) ?? 0
}
