import FoundationEssentials
import FetchCore
import Testing

/// Nights in a test tube: the real runner, scheduler and committer in a world of faults, crashes and resumed runs.
///
/// `NIGHTS` in the environment says how many nights are played, `SEED` from which seed on; see `scripts/nights`. A night
/// needs no time limit: it never waits for real time, and its steps are limited.
@Suite struct NightTests {
    @Test(arguments: NightSeries.blocks) func everyNightKeepsThePromises(seeds: Range<UInt64>) async {
        for seed in seeds {
            if !Night(seed: seed).play().broken.isEmpty {
                Issue.record("\(Night(seed: seed, isTracing: true).play().story(of: seed))")
            } else if NightSeries.count == 1 {
                print(Night(seed: seed, isTracing: true).play().story(of: seed))
            }
            // Other tests get their turn between two nights.
            await Task.yield()
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64]) func seedDecidesEverything(seed: UInt64) {
        #expect(Night(seed: seed, isTracing: true).play() == Night(seed: seed, isTracing: true).play())
    }

    /// A world in which nothing goes wrong would keep every promise.
    @Test func nightsMeetEveryEnd() {
        let results = (1...300).map { Night(seed: $0).play() }
        #expect(results.reduce(0) { $0 + $1.crashes } > 100)
        let ends: [RunEnd] = [
            .complete, .jobsFailed, .jobsLeft, .manifestUnreadable, .outputLost, .keyRejected, .readerGone,
            .stopped(signal: 1), .stopped(signal: 2), .stopped(signal: 15),
        ]
        let seen = results.flatMap(\.ends)
        for end in ends { #expect(seen.contains(end), "no night ended as \(end)") }
        #expect(seen.allSatisfy(ends.contains))
    }
}

/// The nights to play.
enum NightSeries {
    static let count = number(named: "NIGHTS") ?? 1000
    static let first = number(named: "SEED") ?? 1
    /// Blocks of nights, each a test case, so that they are played on all cores.
    static let blocks = stride(from: first, to: first + count, by: blockSize).map { start in
        start..<min(start + UInt64(blockSize), first + count)
    }

    private static let blockSize = 50

    private static func number(named name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }
}
