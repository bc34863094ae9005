import Foundation
import Testing

extension EndToEnd {
    /// `check`: what a run would say, without a run.
    @Suite(.timeLimit(.minutes(5))) struct CheckTests {
        private let fetch: Fetch

        init() async throws {
            fetch = try Fetch(try await Simulator(scenario: "calm"))
        }

        private func check(_ arguments: [String], environment: [String: String]? = nil) async throws -> Ended {
            try await fetch.run(arguments: ["check"] + arguments, environment: environment)
        }

        /// Records without what differs from one moment to the next.
        private func timeless(_ text: String) -> [String] {
            text.split(separator: "\n").map {
                String($0).replacing(#/"(first_seen|finished_at)":"[^"]*"/#) { "\"\($0.output.1)\":\"\"" }
            }
        }

        private static let id = fixture(1)
        private static let lines: [String] = [
            line(id), "nonsense", "", line(id.uppercased()), line(fixture(1, picture: 1)), #"{"job_id":"x"}"#,
            #"{"job_id":"\#(fixture(1, picture: 1))","n":1.50}"#, "\"\(id)\"",
            String(repeating: "x", count: 1 << 20 + 1),
            "{}",
        ]

        private func manifest(_ name: String = "jobs.jsonl", _ lines: [String] = lines) throws -> String {
            _ = try fetch.scratch.file(name, lines.map { $0 + "\n" }.joined())
            return name
        }

        @Test func recordsAreThoseOfTheRun() async throws {
            _ = try manifest()
            _ = try manifest("more.jsonl", [line(Self.id), "[1]", line(fixture(1, picture: 2))])
            _ = try fetch.scratch.file("packed.gz", "\u{1F}\u{8B}\u{8}\n")
            for arguments in [
                ["jobs.jsonl"], ["jobs.jsonl", "more.jsonl"], ["more.jsonl", "jobs.jsonl", "more.jsonl"],
                ["packed.gz"], ["--shard", "1/2", "jobs.jsonl"], ["--shard", "2/2", "jobs.jsonl", "more.jsonl"],
            ] {
                let checked = try await check(arguments)
                let run = try await fetch.run(arguments: Fetch.fast + arguments)
                let ofRun = try run.records().filter { ["invalid", "duplicate"].contains($0.status) }
                #expect(checked.status == (ofRun.contains { $0.status == "invalid" } ? 1 : 0), "\(checked)")
                #expect(
                    timeless(checked.standardOutput) == timeless(ofRun.map { $0.line + "\n" }.joined()), "\(arguments)")
                #expect(try checked.records().count == ofRun.count)
                let jobs = try run.records().count - ofRun.count
                #expect(checked.standardError.hasPrefix("pictory-fetch: \(jobs) job"), "\(checked)")
            }
        }

        @Test func whatEarlierRunsHaveSettledIsNotDoneAgain() async throws {
            let manifest = try manifest()
            let journal = ["--resume", "-r", "results.jsonl"]
            let fresh = try await check(journal + [manifest])
            #expect(
                fresh.standardError.hasPrefix("pictory-fetch: 2 jobs, 0 settled, 4 invalid, 3 duplicate\n"), "\(fresh)")
            _ = try await fetch.run(arguments: Fetch.fast + journal + [manifest])
            // A torn record is the run's to cut off.
            let whole = try String(contentsOfFile: fetch.scratch.path("results.jsonl"), encoding: .utf8)
            _ = try fetch.scratch.file("results.jsonl", whole + whole.prefix(30))
            _ = try self.manifest("jobs.jsonl", Self.lines + [line(fixture(1, picture: 5)), "new nonsense"])
            try FileManager.default.removeItem(atPath: fetch.scratch.path("images/\(Self.id).png"))
            let checked = try await check(journal + [manifest])
            #expect(
                checked.standardError == """
                    pictory-fetch: 2 jobs, 8 settled (1 downloaded, 4 invalid, 3 duplicate), 1 invalid, 0 duplicate
                    pictory-fetch: of 11 lines 5 are invalid (4 known from earlier runs)

                    """, "\(checked)")
            #expect(checked.status == 1)
            #expect(try checked.records().map(\.number) == [12])
            let after = try String(contentsOfFile: fetch.scratch.path("results.jsonl"), encoding: .utf8)
            #expect(after == whole + whole.prefix(30))
        }

        @Test func partsAddUpToTheWhole() async throws {
            let manifest = try manifest("jobs.jsonl", Self.lines + (10..<40).map { line(fixture(1, picture: $0)) })
            let pattern = #/(\d+) jobs?, 0 settled, (\d+) invalid, (\d+) duplicate/#
            func counts(_ arguments: [String]) async throws -> (records: [Int], counts: [Int]) {
                let ended = try await check(arguments + [manifest])
                let match = try #require(try pattern.firstMatch(in: ended.standardError), "\(ended)")
                return (
                    try ended.records().map(\.number),
                    [match.output.1, match.output.2, match.output.3].compactMap { Int($0) }
                )
            }
            let whole = try await counts([])
            #expect(whole.counts == [32, 4, 3])
            var (records, sums): ([Int], [Int]) = ([], [0, 0, 0])
            for shard in 1...3 {
                let part = try await counts(["--shard", "\(shard)/3"])
                records += part.records
                sums = zip(sums, part.counts).map(+)
            }
            #expect(records.sorted() == whole.records)
            #expect(sums == whole.counts)
        }

        @Test func invalidLinesCountAgainstTheToleranceAndDuplicatesDoNot() async throws {
            let manifest = try manifest()
            for (tolerance, status) in [("0", 1), ("3", 1), ("4", 0), ("44%", 1), ("45%", 0)] as [(String, Int32)] {
                let ended = try await check(["--tolerate", tolerance, manifest])
                #expect(ended.status == status, "\(tolerance): \(ended)")
                #expect(ended.standardError.contains("--tolerate") == (status != 0 && tolerance != "0"), "\(ended)")
            }
            let duplicates = try await check([try self.manifest("two", [line(Self.id), line(Self.id)])])
            #expect(duplicates.status == 0, "\(duplicates)")
            #expect(try duplicates.records().map(\.status) == ["duplicate"])
        }

        @Test func quietCheckSaysNothingOnStandardError() async throws {
            let manifest = try manifest()
            let lines = try await check(["-q", manifest])
            #expect(lines.status == 1)
            #expect(lines.standardError == "")
            #expect(try lines.records().count == 7)
            let refused = try await check(["-q", "nowhere.jsonl"])
            #expect(refused.status == 66)
            #expect(refused.standardError == "")
        }

        @Test func emptyStandardInputIsAGoodNight() async throws {
            let ended = try await check([])
            #expect(ended.status == 0)
            #expect(ended.standardOutput == "")
            #expect(ended.standardError == "pictory-fetch: 0 jobs, 0 settled, 0 invalid, 0 duplicate\n")
        }

        @Test func factsAreFieldsInJSON() async throws {
            let ended = try await check(["--log-format", "json", try manifest(), "nowhere"])
            let lines = try ended.standardError.split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            try #require(lines.count == 3, "\(ended)")
            #expect(lines[0]["exit_status"] as? Int == 66)
            #expect(
                ["lines", "jobs", "settled", "invalid", "duplicate"].map { lines[1][$0] as? Int } == [9, 2, 0, 4, 3])
            #expect(lines[2]["message"] as? String == "of 9 lines 4 are invalid")
        }

        @Test func roomThatMayNotSufficeIsAWarning() async throws {
            _ = try await fetch.run([line(Self.id)], ["--resume", "-r", "results.jsonl"])
            let results = fetch.scratch.path("results.jsonl")
            let record = try String(contentsOfFile: results, encoding: .utf8)
            // An image of a tebibyte, so that a few thousand are more than any disk of ours has.
            _ = try fetch.scratch.file(
                "results.jsonl", record.replacing(#/"bytes":\d+/#) { _ in "\"bytes\":1099511627776" })
            let manifest = try manifest("jobs.jsonl", (0..<5000).map { line(fixture(1, picture: $0)) })
            let journal = ["--resume", "-r", "results.jsonl", manifest]
            for output in ["images", "none/at/all"] {
                let ended = try await check(["-o", output] + journal)
                #expect(ended.status == 0, "\(ended)")
                #expect(ended.standardError.contains("the output directory \(output) has "), "\(ended)")
                #expect(ended.standardError.contains("5,000 images of 1.1 TB may take 5,497.6 TB"), "\(ended)")
            }
        }

        @Test(arguments: [["--frobnicate"], ["-j", "0"], ["--resume"], ["--lock", "-"]])
        func wrongUsageIsToldAlone(arguments: [String]) async throws {
            let ended = try await check(arguments + ["nowhere.jsonl"], environment: [:])
            #expect(ended.status == 64, "\(ended)")
            #expect(ended.standardError.contains(arguments[0]), "\(ended)")
            #expect(!ended.standardError.contains("nowhere.jsonl"), "\(ended)")
        }

        @Test func closedOutputIs141AndFullOutputIs74() async throws {
            let manifest = try manifest()
            let program = Programs.url("pictory-fetch").path
            for (redirection, status) in [("> /dev/full", 74), ("| true", 141), (">&-", 73), (">>\(manifest)", 73)] {
                let script = try fetch.scratch.file(
                    "run.sh",
                    "{ sleep 0.2; \(program) check \(manifest); echo $? > status; } \(redirection) 2>errors\n")
                _ = try await RunningProgram(
                    URL(fileURLWithPath: "/bin/sh"), [script], environment: fetch.simulator.environment,
                    in: fetch.scratch
                ).end()
                let text = try String(contentsOfFile: fetch.scratch.path("status"), encoding: .utf8)
                #expect(text == "\(status)\n", "\(redirection)")
            }
            let lines = try String(contentsOfFile: fetch.scratch.path(manifest), encoding: .utf8)
            #expect(lines == Self.lines.map { $0 + "\n" }.joined())
        }
    }
}
