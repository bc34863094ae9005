import Foundation
import Testing

extension EndToEnd {
    /// `--summary` and `--metrics`: what a run leaves of itself.
    @Suite(.timeLimit(.minutes(5))) struct RunEndTests {
        static let files = ["--summary", "summary.json", "--metrics", "night.prom"]

        @Test func totalsAreThoseOfTheRecords() async throws {
            let fetch = try Fetch(try await Simulator())
            let lines = [
                line(fixture(1)), line(fixture(1)), line(fixture(4)), line(fixture(5)), line(fixture(3)), "{}",
            ]
            let ended = try await fetch.run(lines, Self.files + ["--once"])
            #expect(ended.status == 75, "\(ended)")
            let records = try ended.records()
            let totals = try fetch.scratch.totals()
            #expect(totals.exitStatus == 75)
            #expect(totals.stoppedBy == nil)
            #expect(totals.manifests == [fetch.scratch.path("jobs.jsonl")])
            #expect(totals.results == "-")
            #expect(totals.records == 6)
            #expect(
                totals.byStatus == ["downloaded": 1, "pending": 1, "failed": 2, "invalid": 1, "duplicate": 1])
            #expect(totals.byAction == ["rerun": 1, "resubmit": 1, "fix": 2, "none": 1])
            #expect(
                totals.byCode == [
                    "job_failed": 2, "still_in_progress": 1, "missing_job_id": 1, "duplicate_job_id": 1,
                ])
            #expect(totals.settled.values.allSatisfy { $0 == 0 })
            #expect(totals.bytes == records.compactMap { $0.image["bytes"] as? Int }.reduce(0, +))
            #expect(totals.polls == records.compactMap(\.polls).reduce(0, +))
            #expect(totals.creditsUsed == 4)

            let metrics = try await fetch.scratch.metrics()
            #expect(metrics["pictory_fetch_info 0.1.0"] == 1)
            for (status, count) in totals.byStatus {
                #expect(metrics["pictory_fetch_jobs \(status)"] == Double(count))
            }
            for (action, count) in totals.byAction {
                #expect(metrics["pictory_fetch_retries_advised \(action)"] == Double(count))
            }
            #expect(metrics["pictory_fetch_failures fix job_failed"] == 1)
            #expect(metrics["pictory_fetch_failures resubmit job_failed"] == 1)
            #expect(metrics["pictory_fetch_image_bytes"] == Double(totals.bytes))
            #expect(metrics["pictory_fetch_polls"] == Double(totals.polls))
            #expect(metrics["pictory_fetch_downloads"] == 1)
            #expect(metrics["pictory_fetch_credits_used"] == 4)
            for (name, times) in [
                ("waited", records.compactMap(\.waited)), ("download", records.compactMap(\.downloadTime)),
            ] {
                #expect(times.count == 1, "only the first job has an image, and no other was completed")
                #expect(metrics["pictory_fetch_\(name)_seconds_count"] == Double(times.count))
                #expect(metrics["pictory_fetch_\(name)_seconds_bucket +Inf"] == Double(times.count))
                #expect(metrics["pictory_fetch_\(name)_seconds_sum"] == Double(times.reduce(0, +)) / 1000)
            }
            #expect(metrics["pictory_fetch_exit_status"] == 75)
            let age = Date().timeIntervalSince1970 - (metrics["pictory_fetch_last_run_timestamp_seconds"] ?? 0)
            #expect((0..<60).contains(age))
            #expect(metrics["pictory_fetch_last_success_timestamp_seconds"] == nil)
            #expect((metrics["pictory_fetch_run_duration_seconds"] ?? 0) > 0)
        }

        @Test func everyRunThatStartedLeavesItsTotals() async throws {
            let calm = try await Simulator(scenario: "calm")
            let evening = try await Simulator()
            let rejecting = try await Simulator(scenario: "unauthorized")
            for (simulator, number, status, stop) in [
                (calm, 1, 0, nil), (evening, 4, 1, nil), (evening, 3, 75, nil), (rejecting, 1, 77, "credentials"),
            ] as [(Simulator, Int, Int32, String?)] {
                let fetch = try Fetch(simulator)
                let ended = try await fetch.run([line(fixture(number))], Self.files + ["--once"])
                #expect(ended.status == status, "\(ended)")
                let totals = try fetch.scratch.totals()
                #expect(totals.exitStatus == status)
                #expect(totals.stoppedBy == stop)
                #expect(totals.records == 1)
                #expect(try await fetch.scratch.metrics()["pictory_fetch_exit_status"] == Double(status))
            }
        }

        @Test(arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)] as [(Int32, Int32)])
        func interruptedRunLeavesItsTotals(signal: Int32, status: Int32) async throws {
            let fetch = try Fetch(try await Simulator())
            let manifest = try fetch.scratch.file("jobs.jsonl", "\(line(fixture(1)))\n\(line(fixture(3)))\n")
            let program = try fetch.start(Self.files + ["--poll-interval", "30s", manifest])
            try await program.wait { !$0.standardOutput.isEmpty }
            program.signal(signal)
            #expect(try await program.end().status == status)
            let totals = try fetch.scratch.totals()
            #expect(totals.exitStatus == status)
            #expect(totals.stoppedBy == "signal")
            #expect(totals.byCode == ["interrupted": 1])
        }

        @Test func lostRecordsLeaveTotalsToo() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let program = Programs.url("pictory-fetch").path
            for (redirection, status, stop) in [("> /dev/full", 74, "results_lost"), ("| true", 141, "results_closed")]
            {
                let script = try fetch.scratch.file(
                    "run.sh",
                    "sleep 0.2 | true; { \(program) \(Self.files.joined(separator: " ")) \(manifest); } \(redirection)\n"
                )
                _ = try await RunningProgram(
                    URL(fileURLWithPath: "/bin/sh"), [script], environment: fetch.simulator.environment,
                    in: fetch.scratch
                ).end()
                let totals = try fetch.scratch.totals()
                #expect(totals.exitStatus == Int32(status))
                #expect(totals.stoppedBy == stop)
                #expect(totals.records == 0)
            }
        }

        @Test func runThatDoesNotStartLeavesThemAsTheyWere() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            _ = try fetch.scratch.file("results.jsonl", "old")
            for name in ["summary.json", "night.prom"] { _ = try fetch.scratch.file(name, "old") }
            for (arguments, status) in [
                (["nowhere.jsonl"], 66), ([manifest, "--api-url", "ftp://x"], 78),
                ([manifest, "-r", "results.jsonl"], 73), ([manifest, "--lock", "nowhere/lock"], 73),
            ] as [([String], Int32)] {
                let ended = try await fetch.run(arguments: Self.files + arguments)
                #expect(ended.status == status, "\(ended)")
                for name in ["summary.json", "night.prom"] { #expect(try fetch.scratch.text(name) == "old") }
            }
        }

        @Test(
            arguments: [
                (["--summary", "nowhere/summary.json"], 73), (["--metrics", "/dev/null"], 73),
                (["--summary", "."], 73),
                (["--summary", "jobs.jsonl"], 73), (["--summary", "both", "--metrics", "both"], 73),
                (["--summary", "-"], 64), (["--metrics", "-"], 64), (["--lock", "-"], 64),
            ] as [([String], Int32)])
        func filesThatCannotBeReplacedAreFoundBeforeAnyRequest(arguments: [String], status: Int32) async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run([line(fixture(1))], arguments + ["-r", "results.jsonl"])
            #expect(ended.status == status, "\(ended)")
            #expect(ended.standardError.contains(arguments[1]), "\(ended)")
            #expect(try await fetch.simulator.statistics().requests.poll == 0)
            #expect(try fetch.scratch.text("jobs.jsonl") == line(fixture(1)) + "\n")
            #expect(!FileManager.default.fileExists(atPath: fetch.scratch.path("results.jsonl")))
        }

        @Test func fileThatIsLostAtTheEndIs74AndIsTold() async throws {
            let fetch = try Fetch(try await Simulator())
            let folder = fetch.scratch.path("sub")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            let input = Pipe()
            let program = try fetch.start(
                ["--summary", "sub/summary.json", "--metrics", "night.prom"], input: input.fileHandleForReading)
            try input.fileHandleForWriting.write(contentsOf: Data("\(line(fixture(1)))\n".utf8))
            try await program.wait { !$0.standardOutput.isEmpty }
            try FileManager.default.removeItem(atPath: folder)
            try input.fileHandleForWriting.close()
            let ended = try await program.end()
            #expect(ended.status == 74, "\(ended)")
            let lines = ended.standardError.split(separator: "\n")
            #expect(
                lines.first
                    == "pictory-fetch: the summary file sub/summary.json could not be written: No such file or directory"
            )
            #expect(lines.dropFirst().first?.hasPrefix("pictory-fetch: 1 record: 1 downloaded") == true, "\(ended)")
            let metrics = try await fetch.scratch.metrics()
            #expect(metrics["pictory_fetch_exit_status"] == 74)
            #expect(metrics["pictory_fetch_last_success_timestamp_seconds"] == nil)
        }

        @Test(.enabled(if: geteuid() == 0, "only root may mount"))
        func fullDiskKeepsTheOldFilesWhole() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let script = try fetch.scratch.file(
                "run.sh",
                """
                mkdir disk && mount -t tmpfs -o size=16k none disk || exit 99
                echo old >disk/summary.json; echo old >disk/night.prom; cat /dev/zero >disk/rest 2>/dev/null
                \(Programs.url("pictory-fetch").path) --summary disk/summary.json --metrics disk/night.prom \(manifest)
                status=$?; rm disk/rest; cat disk/*; ls -A disk; umount disk; exit $status
                """)
            let ended = try await RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), [script], environment: fetch.simulator.environment, in: fetch.scratch
            ).end()
            #expect(ended.status == 74, "\(ended)")
            #expect(ended.standardOutput.hasSuffix("}}\nold\nold\nnight.prom\nsummary.json\n"), "\(ended)")
            for noun in ["summary file disk/summary.json", "metrics file disk/night.prom"] {
                #expect(
                    ended.standardError.contains("the \(noun) could not be written: No space left on device\n"),
                    "\(ended)")
            }
        }

        /// What `strace` makes fail, and which summary is there afterwards.
        @Test(arguments: [
            ("fsync:error=EIO:when=1", false), ("renameat,renameat2:error=EIO", false),
            ("fsync:error=EIO:when=2", true),
        ])
        func failedCallLeavesOneWholeFileAndNoStray(fault: String, isReplaced: Bool) async throws {
            let fetch = try Fetch(try await Simulator())
            // No image, so that nothing but the summary is synced or renamed.
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(4)))
            for name in ["images/x", "sub/summary.json"] {
                let folder = fetch.scratch.path(String(name.prefix { $0 != "/" }))
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
                _ = try fetch.scratch.file(name, "old")
            }
            let ended = try await RunningProgram(
                URL(fileURLWithPath: "/usr/bin/strace"),
                ["-f", "-qq", "-o", "trace.out", "-e", "trace=fsync,renameat,renameat2", "-e", "inject=\(fault)"]
                    + [Programs.url("pictory-fetch").path, "--summary", "sub/summary.json", manifest],
                environment: fetch.simulator.environment, in: fetch.scratch
            ).end()
            #expect(ended.status == 74, "\(ended)")
            #expect(
                ended.standardError.contains(
                    "the summary file sub/summary.json could not be written: Input/output error\n"), "\(ended)")
            #expect(fetch.scratch.files(in: "sub") == ["summary.json"])
            #expect(try (fetch.scratch.text("sub/summary.json") == "old") == !isReplaced)
            #expect(try fetch.scratch.text("trace.out").contains("INJECTED"))
        }

        @Test func lastSuccessIsMovedByGoodRunsAlone() async throws {
            let fetch = try Fetch(try await Simulator())
            func success() async throws -> Double? {
                try await fetch.scratch.metrics()["pictory_fetch_last_success_timestamp_seconds"]
            }
            #expect(try await fetch.run([line(fixture(1))], Self.files).status == 0)
            let first = try await success()
            #expect(first != nil)
            #expect(try await fetch.run([line(fixture(4))], Self.files).status == 1)
            #expect(try await success() == first)
            #expect(try await fetch.run([line(fixture(1))], Self.files).status == 0)
            #expect(try #require(try await success()) > first ?? 0)
        }

        @Test func settledLinesAreCountedApart() async throws {
            let fetch = try Fetch(try await Simulator())
            let arguments = Self.files + ["-r", "results.jsonl", "--resume"]
            let lines = [line(fixture(1)), line(fixture(4)), line(fixture(1)), "{}"]
            for run in 1...2 {
                #expect(try await fetch.run(lines, arguments).status == 1)
                let totals = try fetch.scratch.totals()
                let counts = ["downloaded": 1, "pending": 0, "failed": 1, "invalid": 1, "duplicate": 1]
                #expect((run == 1 ? totals.byStatus : totals.settled) == counts)
                #expect(totals.records == (run == 1 ? 4 : 0))
                let metrics = try await fetch.scratch.metrics()
                #expect(metrics["pictory_fetch_jobs_settled failed"] == (run == 1 ? 0 : 1))
            }
        }

        @Test func modesObeyTheMaskAndMetricsAreNobodyElsesToWrite() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            for (mask, modes) in [("000", "666 644 666"), ("022", "644 644 644"), ("077", "600 600 600")] {
                let script = try fetch.scratch.file(
                    "run.sh",
                    "umask \(mask); rm -f run.lock; \(Programs.url("pictory-fetch").path) --lock run.lock "
                        + "\(Self.files.joined(separator: " ")) \(manifest) >/dev/null || exit; "
                        + "echo $(stat -c %a summary.json night.prom run.lock)")
                let ended = try await RunningProgram(
                    URL(fileURLWithPath: "/bin/sh"), [script], environment: fetch.simulator.environment,
                    in: fetch.scratch
                ).end()
                #expect(ended.standardOutput == modes + "\n", "\(ended)")
            }
        }
    }
}
