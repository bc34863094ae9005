import Foundation
import Testing

extension EndToEnd {
    /// A night by samples/cluster/slurm, with Slurm's real daemons.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: SlurmCluster.isPossible, SlurmCluster.isMissing))
    struct SlurmNightTests {
        private static let submit = "'\(ClusterNight.samples.path)/slurm/submit'"
        private static let task = "'\(ClusterNight.samples.path)/slurm/shard'"
        private static let place = "\"\(ClusterNight.directory)\""
        private let cluster: SlurmCluster
        private let night: ClusterNight

        init() async throws {
            cluster = try await SlurmCluster()
            // Jobs that take 25 seconds take 12 here, time enough for what the tests do to the tasks meanwhile.
            night = try ClusterNight(try await Simulator(timeScale: 2), environment: cluster.environment)
        }

        /// What Slurm says of a job, such as JobState.
        private func told(_ field: String, of job: String) async throws -> String {
            let all = try await night.output("scontrol --oneliner show job \(job)")
            let word = all.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("\(field)=") }
            return String(word?.dropFirst(field.count + 1) ?? "")
        }

        private func wait(_ condition: () async throws -> Bool) async throws {
            while try await !condition() {
                try await Task.sleep(for: .milliseconds(100))
            }
        }

        private func waitUntilEnded(_ job: String) async throws {
            try await wait { try await night.output("squeue --noheader --jobs \(job) || true").isEmpty }
        }

        private func records(_ shard: Int) -> [String] {
            night.textIfThere("shards/\(shard).jsonl").split(separator: "\n").map(String.init)
        }

        @Test func nightEndsWithEveryJobOnceWhateverBecomesOfItsTasks() async throws {
            let (cancelled, killed, doubled) = (3, 5, 7)
            let shares = try await ClusterNight.ids(shards: 8, immediate: 5, slow: 3)
            // Shard 0 of 8 is the eighth.
            let share = { (shard: Int) in shares[shard % 8] }
            let all = shares.flatMap { $0 }
            try night.write("jobs.jsonl", all.map { line($0) + "\n" }.joined())

            let jobs = try await night.output("\(Self.submit) \(Self.place) 8")
                .wholeMatch(of: /tasks: (\d+), account: (\d+)/)
            let (array, account) = try (String(#require(jobs).1), String(#require(jobs).2))
            try await wait { (1...8).allSatisfy { records($0).count >= 5 } }

            // The same index once more, while the first one runs.
            let twin = try await night.output(
                "sbatch --parsable --chdir \(Self.place) --array \(doubled) --output twin.log \(Self.task) 8")
            // A process that is killed, as for want of memory.
            let process = try await night.output("exec pgrep -f -- '--results shards/\(killed).jsonl '")
            kill(try #require(pid_t(process)), SIGKILL)
            // A task that is cancelled gets SIGTERM, and ends in good order.
            _ = try await night.output("scancel \(array)_\(cancelled)")
            try await wait { try await told("JobState", of: "\(array)_\(cancelled)") == "CANCELLED" }
            #expect(records(cancelled).count == 8)
            #expect(records(cancelled).count { $0.contains("\"interrupted\"") } == 3)
            _ = try await night.output("scontrol requeue \(array)_\(cancelled)")
            // Slurm lets a requeued job wait for two minutes. Within the second in which it was cancelled, the node would
            // refuse it.
            try await Task.sleep(for: .seconds(2))
            _ = try await night.output("scontrol update JobId=\(array)_\(cancelled) StartTime=now")
            let early = try await night.shell("\(Self.submit) \(Self.place) 8")
            #expect(early.status == 75, "\(early)")

            try await waitUntilEnded(twin)
            #expect(try await told("ExitCode", of: twin) == "75:0")
            #expect(try night.text("twin.log").contains("another run holds the lock shards/\(doubled).lock"))
            try await waitUntilEnded(account)
            #expect(try await told("ExitCode", of: account) == "75:0", "\(night.textIfThere("merge.log"))")
            for shard in 1...8 {
                let status = try await told("ExitCode", of: "\(array)_\(shard)")
                #expect(status == (shard == killed ? "0:9" : "0:0"), "shard \(shard)")
            }
            #expect(try await told("Restarts", of: "\(array)_\(cancelled)") == "1")

            let lost = Set(share(killed).suffix(3))
            let first = try Record.all(in: try night.text("results.jsonl"))
            #expect(first.map(\.jobID) == all)
            for record in first {
                let isLost = lost.contains(record.jobID ?? "")
                #expect(record.status == (isLost ? "pending" : "downloaded"), "\(record.line)")
                #expect(record.code == (isLost ? "no_record" : nil))
            }
            try await night.expectProven("results.jsonl", count: 61)
            let before = try await night.simulator.statistics()
            #expect(before.imagesPerJob.values.allSatisfy { $0 == 1 }, "\(before.imagesPerJob)")
            #expect(before.imagesPerJob.count == 61)

            // The same night again does what is left, and asks for nothing else.
            let again = try await night.shell("\(Self.submit) --wait \(Self.place) 8")
            #expect(again.status == 0, "\(again)\n\(night.textIfThere("merge.log"))")
            #expect(again.standardOutput + again.standardError == "", "\(again)")
            let after = try await night.simulator.statistics()
            let asked = all.filter { after.pollsPerJob[$0] != before.pollsPerJob[$0] }
            #expect(Set(asked) == lost)
            #expect(after.imagesPerJob.count == 64)
            #expect(after.imagesPerJob.values.allSatisfy { $0 == 1 }, "\(after.imagesPerJob)")
            let last = try Record.all(in: try night.text("results.jsonl"))
            #expect(last.map(\.jobID) == all)
            #expect(last.allSatisfy { $0.status == "downloaded" })
            try await night.expectProven("results.jsonl", count: 64)
            let totals = try Totals(String(night.text("summary.json").dropLast()))
            #expect(totals.byStatus["downloaded"] == 64 && totals.records == 64 && totals.exitStatus == 0)
        }

        /// Flags and settings reach the tasks, the whole is judged once, and a night of which no task began has its account too.
        @Test func accountSpeaksOfTheWholeNightAndIsItsStatus() async throws {
            let ids = [fixture(1), fixture(3)]
            try night.write("jobs.jsonl", ids.map { line($0) + "\n" }.joined())
            let first = try await night.shell(
                "\(Self.submit) --wait \(Self.place) 3 --output-dir 'all $images' --once",
                environment: ["PICTORY_FETCH_TOLERATE": "1", "PICTORY_FETCH_METRICS": "night.prom"])
            #expect(first.status == 0, "\(first)\n\(night.textIfThere("merge.log"))")
            let records = try Record.all(in: try night.text("results.jsonl"))
            #expect(records.map(\.status) == ["downloaded", "pending"])
            #expect(records.first?.image["path"] as? String == "all $images/\(fixture(1)).png")
            #expect(try night.text("night.prom").contains("pictory_fetch_exit_status{run=\"night\"} 0"))

            let second = try await night.shell(
                "\(Self.submit) --wait \(Self.place) 3 --output-dir 'all $images' --once")
            #expect(second.status == 75, "\(second)\n\(night.textIfThere("merge.log"))")
        }

        @Test func timeLimitOfSlurmIsTheDeadline() async throws {
            try night.write("jobs.jsonl", line(fixture(1)) + "\n")
            try night.stub("pictory-fetch", #"echo "deadline ${PICTORY_FETCH_DEADLINE-}""#)
            let ended = try await night.shell(
                "\(Self.submit) --wait \(Self.place) 2", environment: ["SBATCH_TIMELIMIT": "10"])
            #expect(ended.status == 0, "\(ended)\n\(night.textIfThere("merge.log"))")
            for shard in 1...2 {
                let log = try night.text("shards/\(shard).log")
                let seconds = try #require(log.wholeMatch(of: /deadline (\d+)s\n/)?.1, "\(log)")
                // Ten minutes less two; some seconds have passed since the task began.
                #expect((400...480).contains(Int(seconds) ?? 0), "\(log)")
            }
        }
    }
}
