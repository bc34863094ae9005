import Foundation
import Testing

extension EndToEnd {
    /// `--limit-rate`: how long downloads take at least. How long they take at most depends on the machine.
    @Suite(.timeLimit(.minutes(5))) struct LimitRateTests {
        @Test func imagesTakeTheTimeThatTheirBytesAskFor() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm", images: "640x480"))
            let lines = [line(fixture(1)), line(fixture(1, picture: 1))]
            let free = try await fetch.run(lines, ["-o", "free"])
            let bytes = try free.records().compactMap { $0.image["bytes"] as? Int }.reduce(0, +)
            try #require(bytes > 100_000, "\(free)")

            let limited = try await fetch.run(lines, ["--limit-rate", "\(bytes / 3)"])
            #expect(limited.status == 0, "\(limited)")
            #expect(limited.standardError == "", "\(limited)")
            let records = try limited.records()
            #expect(records.compactMap { $0.image["bytes"] as? Int }.reduce(0, +) == bytes)
            // Three seconds' worth, of which the last download has the last byte.
            #expect(records.compactMap(\.downloadTime).max() ?? 0 >= 2000, "\(limited)")
        }

        @Test func progressTellsTheLimit() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run([line(fixture(1))], ["--progress", "always", "--limit-rate", "25MB"])
            #expect(ended.standardError.contains(" (limit 25 MB/s), "), "\(ended)")
        }

        /// Nothing else happens meanwhile that would bring progress up to date.
        @Test func progressTellsOfDownloadsUnderWay() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm", images: "320x240"))
            let lines = [line(fixture(1)), line(fixture(1, picture: 1))]
            let bytes = try await fetch.run(lines, ["-o", "free"]).records().compactMap { $0.image["bytes"] as? Int }
            let rate = max(1, bytes.reduce(0, +) / 7)
            let ended = try await fetch.run(lines, ["--progress", "always", "--limit-rate", "\(rate)"])
            let progress = try #require(
                ended.standardError.split(separator: "\n").last { $0.contains("in flight") }, "\(ended)")
            #expect(progress.contains("2 in flight") || progress.contains("1 in flight"), "\(ended)")
            #expect(!progress.contains(" 0 B"), "\(ended)")
        }
    }
}
