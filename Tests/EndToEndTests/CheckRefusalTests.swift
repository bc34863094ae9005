import Foundation
import Testing

extension EndToEnd {
    /// What a run refuses, `check` refuses in the same words, all at once, and changes nothing.
    @Suite(.timeLimit(.minutes(5))) struct CheckRefusalTests {
        private let fetch: Fetch

        init() async throws {
            fetch = try Fetch(try await Simulator(scenario: "calm"))
            for name in ["jobs.jsonl", "other.jsonl"] { _ = try fetch.scratch.file(name, line(fixture(1)) + "\n") }
            for name in ["old.jsonl", "plain"] { _ = try fetch.scratch.file(name, "old\n") }
            _ = try fetch.scratch.file("empty.pem", "")
        }

        private func check(_ arguments: [String], environment: [String: String]? = nil) async throws -> Ended {
            try await fetch.run(arguments: ["check"] + arguments, environment: environment)
        }

        /// Every name below the folder, without the streams of the programs.
        private func names() -> [String] {
            fetch.scratch.files(in: "").filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") }
        }

        /// One refusal each, with the status of the run.
        private static let refusals: [(arguments: [String], status: Int32)] = [
            (["nowhere.jsonl"], 66), (["."], 66), (["--ca-file", "nowhere.pem"], 78), (["--ca-file", "empty.pem"], 78),
            (["--api-url", "ftp://host"], 78), (["--api-key-file", "nowhere"], 78), (["--allow-host", "a b"], 78),
            (["--config", "nowhere"], 78), (["-r", "old.jsonl"], 73), (["-r", "old.jsonl", "--resume"], 73),
            (["-r", "none/r"], 73), (["-r", "jobs.jsonl", "--force"], 73), (["-r", "jobs.jsonl", "--resume"], 73),
            (["-r", "."], 73), (["-o", "plain"], 73), (["-o", "plain/images"], 73), (["--summary", "none/s"], 73),
            (["--summary", "jobs.jsonl"], 73), (["--metrics", "/dev/null"], 73), (["--lock", "none/l"], 73),
            (["--lock", "/dev/null"], 73), (["--lock", "x", "--metrics", "./x"], 73),
        ]

        @Test func eachIsToldAsTheRunTellsIt() async throws {
            let before = names()
            for (arguments, status) in Self.refusals {
                let arguments = arguments + ["jobs.jsonl"]
                let checked = try await check(arguments)
                #expect(names() == before, "\(arguments)")
                let run = try await fetch.run(arguments: arguments)
                #expect(run.status == status, "\(arguments): \(run)")
                #expect(checked.status == status, "\(arguments): \(checked)")
                #expect(checked.standardError.hasPrefix(run.standardError), "\(arguments): \(checked)\n\(run)")
                for made in names() where !before.contains(made) {
                    try FileManager.default.removeItem(atPath: fetch.scratch.path(made))
                }
            }
            #expect(try await fetch.simulator.statistics().requests.poll == 0)
        }

        @Test func allAreToldAtOnceInTheOrderOfTheRun() async throws {
            let ended = try await check(
                [
                    "nowhere.jsonl", "jobs.jsonl", "gone.jsonl", "--ca-file", "nowhere.pem", "--api-url", "ftp://host",
                    "--lock", "none/lock", "--summary", "none/s", "--metrics", "/dev/null", "-o", "plain", "-r",
                    "old.jsonl",
                ], environment: [:])
            #expect(ended.status == 66, "\(ended)")
            let told = ended.standardError
            var rest = told[...]
            for word in [
                "nowhere.jsonl cannot be read", "gone.jsonl cannot be read", "no API key", "API url", "CA file",
                "the lock none/lock", "the summary file none/s", "the metrics file /dev/null",
                "the output directory plain", "old.jsonl exists", "1 job, 0 settled, 0 invalid, 0 duplicate",
            ] {
                let place = try #require(rest.range(of: word), "\(word) is missing, or not in its order: \(told)")
                rest = rest[place.upperBound...]
            }
        }

        @Test func everythingWrongWithTheSettingsIsTold() async throws {
            let ended = try await check(
                ["nowhere.jsonl"],
                environment: ["PICTORY_FETCH_WINDOW": "x", "PICTORY_FETCH_RETRIES": "y", "PICTORY_FETCH_NO": "z"])
            #expect(ended.status == 78, "\(ended)")
            for word in ["PICTORY_FETCH_WINDOW", "PICTORY_FETCH_RETRIES", "PICTORY_FETCH_NO", "nowhere.jsonl"] {
                #expect(ended.standardError.contains(word), "\(ended)")
            }
        }

        @Test func heldLockAndResultsThatAreWrittenAreTold() async throws {
            let fetch = try Fetch(try await Simulator())
            let slow = try fetch.scratch.file("slow.jsonl", "\(line(fixture(1)))\n\(line(fixture(3)))\n")
            let running = try fetch.start([
                "--poll-interval", "60s", "--max-poll-interval", "60s", "--lock", "run.lock", "-r", "results.jsonl",
                slow,
            ])
            let results = fetch.scratch.path("results.jsonl")
            try await running.wait { _ in ((try? String(contentsOfFile: results, encoding: .utf8)) ?? "") != "" }
            let arguments = ["check", "--lock", "run.lock", "--resume", "-r", "results.jsonl", slow]
            let held = try await fetch.run(arguments: arguments)
            #expect(held.status == 75, "\(held)")
            #expect(held.standardError.contains("another run holds the lock run.lock"), "\(held)")
            #expect(held.standardError.contains("results.jsonl is being written by another run"), "\(held)")
            running.signal(SIGTERM)
            #expect(try await running.end().status == 143)
            let free = try await fetch.run(arguments: arguments)
            #expect(free.status == 0, "\(free)")
            #expect(free.standardError == "pictory-fetch: 1 job, 1 settled (1 downloaded), 0 invalid, 0 duplicate\n")
        }

        @Test func journalOfAnotherShardIsRefusedAndStays() async throws {
            let first = try await fetch.run(
                arguments: Fetch.fast + ["--shard", "1/1", "--resume", "-r", "r.jsonl", "jobs.jsonl"])
            #expect(first.status == 0, "\(first)")
            let text = try String(contentsOfFile: fetch.scratch.path("r.jsonl"), encoding: .utf8)
                .replacing("\"shard\":\"1/1\"", with: "\"shard\":\"1/2\"")
            _ = try fetch.scratch.file("r.jsonl", text)
            for shard in [[], ["--shard", "2/2"]] {
                let arguments = shard + ["--resume", "-r", "r.jsonl", "jobs.jsonl"]
                let (checked, run) = (try await check(arguments), try await fetch.run(arguments: arguments))
                #expect(checked.status == 73 && run.status == 73, "\(checked)")
                #expect(checked.standardError.hasPrefix(run.standardError), "\(checked)")
            }
            #expect(try String(contentsOfFile: fetch.scratch.path("r.jsonl"), encoding: .utf8) == text)
        }

        @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/strace"), "strace is missing"))
        func nothingIsMadeChangedOrAsked() async throws {
            let run = try await fetch.run(
                arguments: Fetch.fast + [
                    "--resume", "-r", "journal.jsonl", "jobs.jsonl", "--summary", "s", "--lock", "l",
                ])
            #expect(run.status == 0, "\(run)")
            let calls =
                "/^open,/^creat,/mkdir,/mknod,/rename,/link,/trunc,/chmod,/chown,/utime,/xattr,/fallocate,/socket,/connect,/bind,/listen,/sync"
            for arguments in [
                ["--resume", "-r", "journal.jsonl", "--summary", "s", "--metrics", "m", "--lock", "l"],
                ["--resume", "-r", "new.jsonl", "--summary", "new.json", "--lock", "new.lock", "-o", "new/images"],
                ["--force", "-r", "journal.jsonl", "--metrics", "/dev/null"], ["-r", "-"],
                ["none.jsonl", "-r", "none/r"],
            ] {
                let before = names()
                let ended = try await RunningProgram(
                    URL(fileURLWithPath: "/usr/bin/strace"),
                    [
                        "-f", "-qq", "-o", "trace.out", "-e", "trace=\(calls)", Programs.url("pictory-fetch").path,
                        "check",
                    ]
                        + arguments + ["jobs.jsonl", "other.jsonl"],
                    environment: fetch.simulator.environment, in: fetch.scratch
                ).end()
                #expect(try ended.records().map(\.status) == ["duplicate"], "\(ended)")
                let trace = try String(contentsOfFile: fetch.scratch.path("trace.out"), encoding: .utf8)
                    .split(separator: "\n")
                #expect(trace.contains { $0.contains("jobs.jsonl") })
                for call in trace {
                    let isOpening = call.firstMatch(of: #/^\d+\s+(open|openat|openat2)\(/#) != nil
                    let isLook = call.contains("readlink")
                    #expect(isLook || isOpening && !call.contains("O_CREAT") && !call.contains("O_TRUNC"), "\(call)")
                }
                try FileManager.default.removeItem(atPath: fetch.scratch.path("trace.out"))
                #expect(names() == before)
            }
            #expect(try await fetch.simulator.statistics().requests.poll == 1)
        }
    }
}
