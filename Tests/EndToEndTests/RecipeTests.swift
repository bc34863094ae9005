import Foundation
import Testing

extension EndToEnd {
    /// Every command that the documents show in a block of `sh` works as it stands there.
    @Suite(.timeLimit(.minutes(5))) struct RecipeTests {
        /// A block is known by a part of its text; the whole of standard output has to match the expression.
        private struct Expectation {
            let part: String
            let output: String
            let status: Int32

            init(_ part: String, _ output: String = "", status: Int32 = 0) {
                self.part = part
                self.output = output
                self.status = status
            }
        }

        private static let guides = "Sources/pictory-fetch/Documentation.docc/"

        /// The blocks of `sh` of a page, in order.
        private static func blocks(of page: String) throws -> [String] {
            let text = try String(contentsOf: Programs.repository.appendingPathComponent(page), encoding: .utf8)
            return text.matches(of: /(?ms)^```sh\n(.*?)^```$/).map { String($0.1) }
        }

        private static func pagesWithBlocks() throws -> Set<String> {
            let folder = Programs.repository.appendingPathComponent(guides).path
            let found = (FileManager.default.subpaths(atPath: folder) ?? []).filter { $0.hasSuffix(".md") }
            return try Set((["README.md"] + found.map { guides + $0 }).filter { try !blocks(of: $0).isEmpty })
        }

        /// A night of which something is left: two images, a job that is not finished yet, one that failed for good,
        /// one that needs a person, and a line that is no JSON.
        private func night(_ line: (String) -> String) async throws -> Fetch {
            let fetch = try Fetch(try await Simulator())
            let ids = [fixture(1), fixture(1, picture: 1), fixture(2), fixture(4), fixture(5), fixture(8)]
            let manifest = ids.map { line($0) + "\n" }.joined() + "not JSON\n"
            _ = try fetch.scratch.file("jobs.jsonl", manifest)
            _ = try fetch.scratch.file("ids.txt", "\(fixture(1, picture: 2))\n\(fixture(1, picture: 3))\n")
            let ended = try await shell(
                """
                gzip -k jobs.jsonl
                pictory-fetch jobs.jsonl --results results.jsonl --once
                """, fetch)
            #expect(ended.status == 75, "\(ended)")
            return fetch
        }

        private func shell(
            _ script: String, _ fetch: Fetch, _ environment: [String: String] = [:]
        ) async throws -> Ended {
            let fast = [
                "PATH": "\(RecipeTools.path):\(Programs.directory.path):/usr/local/bin:/usr/bin:/bin",
                "PICTORY_FETCH_POLL_INTERVAL": "100ms", "PICTORY_FETCH_MAX_POLL_INTERVAL": "300ms",
                "PICTORY_FETCH_RETRY_DELAY": "20ms", "PICTORY_FETCH_MAX_RETRY_DELAY": "100ms",
                "PICTORY_FETCH_MAX_WAIT": "3s",
            ]
            return try await RunningProgram(
                URL(fileURLWithPath: "/bin/bash"), ["-c", script],
                environment: fetch.simulator.environment.merging(fast) { $1 }.merging(environment) { $1 },
                in: fetch.scratch
            ).end()
        }

        /// Runs the blocks of a page one after the other in one folder, which it returns.
        @discardableResult
        private func expect(
            _ page: String, spelling: (String) -> String = line, environment: [String: String] = [:],
            _ expected: [Expectation]
        ) async throws -> Scratch {
            let fetch = try await night(spelling)
            let blocks = try Self.blocks(of: page)
            #expect(blocks.count == expected.count, "\(page) has \(blocks.count) blocks")
            for (block, expectation) in zip(blocks, expected) {
                try #require(block.contains(expectation.part), "\(page): \(block)")
                let ended = try await shell(block, fetch, environment)
                #expect(ended.status == expectation.status, "\(block)\n\(ended)")
                let output = try Regex(expectation.output).wholeMatch(in: ended.standardOutput)
                #expect(output != nil, "\(block)\n\(ended)")
                // A run with failures ends with its summary, a check tells what it found; anything else is a command that
                // does not work.
                let errors = ended.standardError.split(separator: "\n").filter { !$0.hasPrefix("  ") }
                let totals = #/^pictory-fetch: (\d+ records?: |\d+ jobs?, |The API has told )/#
                let check = #/^pictory-fetch: of \d+ lines \d+ (is|are) invalid/#
                #expect(errors.allSatisfy { $0.contains(totals) || $0.contains(check) }, "\(block)\n\(ended)")
            }
            return fetch.scratch
        }

        @Test func readme() async throws {
            try await expect(
                "README.md",
                [
                    Expectation("merge results.jsonl", status: 75),
                    Expectation("@tsv' last.jsonl", #"(?s).*\n7\tinvalid\tinvalid_json\t.*"#),
                    Expectation("--resume", status: 1),
                    Expectation("\"rerun\""),
                    Expectation("\"resubmit\"", ##"\{"job_id":"[0-9-]+04"\}\n\{"job_id":"[0-9-]+08"\}\n"##),
                    Expectation("uniq -c", #"(?s) +2 downloaded\t\n.*"#),
                    Expectation("jq -R ."),
                    Expectation("zcat", status: 1),
                    Expectation("--unbuffered", #"(images/[0-9a-f-]{36}\.png\n){3}"#),
                    Expectation("{customer}", status: 1),
                    Expectation("verify", status: 1),
                ])
        }

        @Test func manifests() async throws {
            try await expect(
                Self.guides + "Manifests.md",
                [
                    Expectation("jq -R ."),
                    Expectation("pipefail", status: 1),
                    Expectation("zcat", status: 1),
                ])
        }

        @Test func names() async throws {
            try await expect(Self.guides + "Names.md", [Expectation("{customer}", status: 1)])
        }

        @Test func recordsAndRetries() async throws {
            try await expect(
                Self.guides + "Records-and-retries.md",
                [
                    Expectation("download_ms", #"(\d+\t\d+\t[0-9a-f-]{36}\n){2}"#), Expectation("\"rerun\""),
                    Expectation("\"job_not_found\"", status: 1),
                ])
        }

        @Test func moreThanOneMachine() async throws {
            try await expect(
                Self.guides + "More-than-one-machine.md",
                [Expectation("--shard 2/2", status: 1), Expectation("sha256sum", "5 of 8\n")])
        }

        @Test func resuming() async throws {
            try await expect(
                Self.guides + "Resuming.md",
                [
                    Expectation("--resume", status: 1),
                    Expectation("merge", #"(\{.*\}\n){7}"#, status: 1),
                    Expectation("verify", status: 1),
                ])
        }

        @Test func theReport() async throws {
            try await expect(
                Self.guides + "The-report.md",
                [Expectation("--force"), Expectation("--history")])
        }

        @Test func unattendedNights() async throws {
            try await expect(
                Self.guides + "Unattended-nights.md",
                [
                    Expectation("--deadline", status: 1),
                    Expectation("@json", ##"(?s).*\["once",true,"--once"\]\n.*"##),
                    Expectation("check", status: 1),
                ])
        }

        @Test func recipes() async throws {
            try await expect(
                Self.guides + "Recipes.md",
                [
                    Expectation("ai_credits_used", #"[0-9.]+\n"#), Expectation("sha256sum"),
                    Expectation("tee records.jsonl", #"([0-9-]+0[48]\n){2}"#),
                ])
        }

        @Test(
            .enabled(if: RecipeTools.areInstalled, "PyPI was out of reach: recipes with other programs were NOT tried"))
        func recipesWithOtherPrograms() async throws {
            let monitor = try await PingReceiver()
            let store = try await ObjectStore()
            let scratch = try await expect(
                Self.guides + "Recipes-with-other-programs.md",
                spelling: { #"{"job_id":"\#($0)","customer":"acme","prompt":"a \"red\" fox / ..\/über"}"# },
                environment: store.environment.merging(["PING_URL": "\(monitor.url)/check"]) { $1 },
                [
                    Expectation("PING_URL", status: 1), Expectation("merge", status: 1),
                    Expectation("duckdb", #"(?s).*acme +│ +3 │ +3 │ +[0-9]+ │ +[0-9.]+ │.*NULL +│ +0 │ +1 │.*"#),
                    Expectation("sqlite3", #"\|0\|0\.0\nacme\|3\|[0-9.]+\n"#), Expectation("rclone"),
                    Expectation("by-prompt"),
                ])
            let pings = monitor.pings
            #expect(pings.count == 1)
            let ping = try #require(pings.first)
            #expect(ping.path == "/check/1")
            #expect(try Totals(ping.body).exitStatus == 1)
            let images = scratch.files(in: "images")
            #expect(images.count == 3)
            #expect(try await store.objects(in: scratch) == images.map { "images/\($0)" })
            #expect(scratch.files(in: "by-prompt") == images.map { "a-red-fox-über-\($0)" })
            for name in images {
                let (link, image) = (scratch.path("by-prompt/a-red-fox-über-\(name)"), scratch.path("images/\(name)"))
                #expect(
                    URL(fileURLWithPath: link).resolvingSymlinksInPath().path
                        == URL(fileURLWithPath: image).resolvingSymlinksInPath().path)
            }
        }

        /// A page that gets its first block has to get its test.
        @Test func everyPageWithBlocksIsTried() throws {
            let tried = [
                "Manifests", "Names", "Records-and-retries", "More-than-one-machine", "Resuming", "Unattended-nights",
                "Recipes", "Recipes-with-other-programs", "The-report",
            ]
            #expect(try Self.pagesWithBlocks() == Set(["README.md"] + tried.map { "\(Self.guides)\($0).md" }))
        }
    }
}
