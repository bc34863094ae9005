import Foundation
import Testing

extension EndToEnd {
    /// `--summary` and `--metrics`: what a run leaves of itself.
    @Suite(.timeLimit(.minutes(5))) struct RunEndTests {
        private static let files = Fetch.accountFiles

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
    }
}
