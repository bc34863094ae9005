import Foundation
import Testing

extension EndToEnd {
    /// `--log-format json`: what is said on standard error, for programs.
    @Suite(.timeLimit(.minutes(5))) struct LogFormatTests {
        /// Every line is an object with a time, a level and a message.
        private func lines(_ text: String, _ location: SourceLocation = #_sourceLocation) throws -> [[String: Any]] {
            try text.split(whereSeparator: \.isNewline).map { line in
                let object = try #require(
                    JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)",
                    sourceLocation: location)
                let start = #/^\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","level":"[a-z]+","message":"[^"]/#
                #expect(try start.firstMatch(in: line) != nil, "\(line)", sourceLocation: location)
                return object
            }
        }

        @Test func badRunEndsWithItsTotalsAndGoodRunIsSilent() async throws {
            let fetch = try Fetch(try await Simulator())
            let good = try await fetch.run([line(fixture(1))], ["--log-format", "json"])
            #expect(good.status == 0)
            #expect(good.standardError == "")
            let bad = try await fetch.run(
                [line(fixture(4))], ["--log-format", "json", "--summary", "summary.json"])
            #expect(bad.status == 1)
            let lines = try lines(bad.standardError)
            #expect(lines.count == 1)
            #expect(lines.first?["level"] as? String == "error")
            let summary = try #require(lines.first?["summary"])
            let text = String(decoding: try JSONSerialization.data(withJSONObject: summary), as: UTF8.self)
            #expect(try Totals(text) == fetch.scratch.totals())
            let quiet = try await fetch.run([line(fixture(4))], ["--log-format", "json", "--quiet"])
            #expect(quiet.standardError == "")
        }

        @Test func verboseGivesTheFactsAsFields() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await fetch.run(
                [line(fixture(1)), line(fixture(4)), line(fixture(0x12)), line(fixture(0x15)), "{}"],
                ["--log-format", "json", "--verbose"])
            let lines = try lines(ended.standardError)
            func first(_ message: String) -> [String: Any]? {
                lines.first { ($0["message"] as? String)?.contains(message) == true }
            }
            let downloaded = try #require(first("\(fixture(1)): downloaded"))
            #expect(downloaded["job_id"] as? String == fixture(1))
            #expect(downloaded["status"] as? String == "downloaded")
            #expect(downloaded["line"] as? Int == 1)
            #expect(downloaded["bytes"] as? Int ?? 0 > 0)
            let failed = try #require(first("\(fixture(4)): failed"))
            #expect(failed["code"] as? String == "job_failed")
            #expect(failed["stage"] as? String == "poll")
            #expect(failed["http_status"] as? Int == 200)
            #expect(failed["action"] as? String == "resubmit")
            let retrying = try #require(first("again in"))
            #expect(retrying["level"] as? String == "debug")
            #expect(retrying["job_id"] as? String == fixture(0x15))
            // Drawn evenly from nothing up to the retry delay.
            #expect((0...20).contains(retrying["after_ms"] as? Int ?? -1))
            #expect(first("asking for a fresh url")?["job_id"] as? String == fixture(0x12))
            #expect(first("line 5: invalid")?["manifest"] as? String == fetch.scratch.path("jobs.jsonl"))
            #expect(lines.last?["summary"] != nil)
        }

        @Test func refusalIsOneLineWithItsExitStatus() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            for (arguments, environment, status) in [
                (["nowhere.jsonl", "nothing.jsonl"], nil, 66), ([manifest], [:], 78),
                ([manifest, "--summary", "/dev/null"], nil, 73),
            ] as [([String], [String: String]?, Int)] {
                let ended = try await fetch.run(
                    arguments: ["--log-format", "json", "--quiet"] + arguments, environment: environment)
                #expect(ended.status == Int32(status))
                let lines = try lines(ended.standardError)
                #expect(lines.count == 1, "\(ended)")
                #expect(lines.first?["level"] as? String == "error")
                #expect(lines.first?["exit_status"] as? Int == status)
            }
            // The format is not known yet when a flag is wrong.
            let usage = try await fetch.run(arguments: ["--log-format", "json", "--frobnicate"])
            #expect(usage.status == 64)
            #expect(usage.standardError.hasPrefix("Error: Unknown option '--frobnicate'"), "\(usage)")
        }

        @Test func progressAndTheAskedLineAreObjectsToo() async throws {
            let fetch = try Fetch(try await Simulator())
            let manifest = try fetch.scratch.file("jobs.jsonl", "\(line(fixture(1)))\n\(line(fixture(3)))\n")
            let program = try fetch.start([
                "--log-format", "json", "--progress", "always", "--poll-interval", "30s", manifest,
            ])
            try await program.wait { !$0.standardOutput.isEmpty }
            let before = program.standardError.split(separator: "\n").count
            #expect(before >= 1)
            program.signal(SIGUSR1)
            try await program.wait { $0.standardError.split(separator: "\n").count > before }
            program.signal(SIGTERM)
            let ended = try await program.end()
            let lines = try lines(ended.standardError)
            for line in lines.dropLast() {
                #expect(line["level"] as? String == "info")
                #expect(line["in_flight"] is Int && line["done"] is Int && line["read"] is Int, "\(line)")
            }
            #expect(lines.contains { $0["done"] as? Int == 1 && $0["waiting"] as? Int == 1 }, "\(ended)")
            #expect((lines.last?["summary"] as? [String: Any])?["stopped_by"] as? String == "signal")
        }

        @Test func terminalGetsObjectsAndNothingIsDrawn() async throws {
            let fetch = try Fetch(try await Simulator())
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let program = Programs.url("pictory-fetch").path
            for (progress, count) in [("auto", 1...1), ("always", 2...100)] {
                let command = "\(program) --log-format json --progress \(progress) -r \(progress).jsonl \(manifest)"
                let ended = try await RunningProgram(
                    URL(fileURLWithPath: "/usr/bin/script"), ["-qec", command, "/dev/null"],
                    environment: fetch.simulator.environment.merging(["TERM": "xterm", "SHELL": "/bin/sh"]) { $1 },
                    in: fetch.scratch
                ).end()
                #expect(ended.status == 0, "\(ended)")
                #expect(!ended.standardOutput.contains("\u{1B}"), "\(ended)")
                let lines = try lines(ended.standardOutput)
                #expect(count.contains(lines.count), "\(ended)")
                #expect(lines.last?["summary"] != nil)
            }
        }
    }
}
