import Foundation
import Testing

extension EndToEnd {
    /// What samples/cluster/slurm asks of Slurm, and what it refuses; stand-ins of Slurm's programs write down what they
    /// are told.
    @Suite(.timeLimit(.minutes(5))) struct SlurmSubmitTests {
        private static let folder = ClusterNight.samples.appendingPathComponent("slurm").path
        private let night: ClusterNight

        init() async throws {
            night = try ClusterNight(try await Simulator())
            try night.stub("squeue", "true")
            try night.stub("scontrol", "echo JobId=12 JobState=COMPLETED Reason=None")
            try night.stub("scancel", #"printf 'scancel %s\n' "$*" >>asked"#)
            try night.stub("sbatch", #"{ printf '[%s]' "$@"; echo; } >>../asked; echo 11"#)
            // The submit directory is the night's, so what Slurm is asked lies beside it.
            try night.write("jobs.jsonl", line(fixture(1)))
        }

        private func submit(_ arguments: String, environment: [String: String] = [:]) async throws -> Ended {
            let ended = try await night.shell("'\(Self.folder)/submit' \(arguments)", environment: environment)
            #expect(!(ended.standardOutput + ended.standardError).contains(Simulator.key))
            return ended
        }

        private var asked: [String] {
            ((try? night.scratch.text("asked")) ?? "").split(separator: "\n").map(String.init)
        }

        private static let place = "\"\(ClusterNight.directory)\""

        @Test func tasksAndTheirAccountAreSubmittedWithEveryFlagInItsPlace() async throws {
            let ended = try await submit(#"\#(Self.place) 8 --output-dir 'all "$x" {images}' -v"#)
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardOutput == "tasks: 11, account: 11\n")
            try #require(asked.count == 2)
            #expect(asked[0].contains("[--parsable][--array][1-8][--output][shards/%a.log]"), "\(asked)")
            #expect(asked[0].hasSuffix(#"/slurm/shard][8][--output-dir][all "$x" {images}][-v]"#), "\(asked)")
            #expect(asked[1].contains("[--parsable][--dependency][afterany:11]"), "\(asked)")
            #expect(asked[1].hasSuffix("/slurm/merge]"), "\(asked)")
            for each in asked {
                #expect(each.contains("[--chdir][\(night.scratch.path(ClusterNight.directory))]"), "\(each)")
            }
        }

        @Test func keyOfTheEnvironmentIsNotHandedToSlurm() async throws {
            try night.stub("sbatch", "env >>../asked; echo 11")
            let ended = try await submit("\(Self.place) 2", environment: ["PICTORY_API_KEY": "secret"])
            #expect(ended.status == 0, "\(ended)")
            #expect(asked.contains { $0.hasPrefix("PICTORY_FETCH_API_KEY_FILE=") })
            #expect(!asked.contains { $0.contains("secret") })
        }

        @Test(arguments: [
            ("", 64, "usage"), ("nowhere 2", 66, "nowhere"), ("bin 2", 66, "jobs.jsonl"),
            ("NIGHT 0", 64, "N has to be"),
            ("NIGHT 08", 64, "N has to be"), ("NIGHT 2%1", 64, "N has to be"), ("NIGHT 2 --shard 1/2", 64, "--shard"),
            ("NIGHT 2 --results=x", 64, "--results"), ("NIGHT 2 --tolerate 1%", 64, "PICTORY_FETCH_TOLERATE"),
            ("NIGHT 2 --nonsense", 64, "--nonsense"), ("NIGHT 2 --api-key-file nosuch", 78, "nosuch"),
        ])
        func wrongUseIsRefusedBeforeAnythingIsSubmitted(
            _ arguments: String, _ status: Int32, _ word: String
        ) async throws {
            let ended = try await submit(arguments.replacingOccurrences(of: "NIGHT", with: Self.place))
            #expect(ended.status == status, "\(ended)")
            #expect(ended.standardError.contains(word), "\(ended)")
            #expect(asked == [])
        }

        @Test func nightWithoutAKeyInAFileIsRefused() async throws {
            let ended = try await submit(
                "\(Self.place) 2", environment: ["PICTORY_API_KEY": "secret", "PICTORY_FETCH_API_KEY_FILE": ""])
            #expect(ended.status == 78, "\(ended)")
            #expect(ended.standardError.contains("the key has to be in a file"), "\(ended)")
            #expect(asked == [])
        }

        @Test func nightInTheQueueIsNotSubmittedAgain() async throws {
            try night.stub("squeue", "echo 11_4")
            let ended = try await submit("\(Self.place) 2")
            #expect(ended.status == 75, "\(ended)")
            #expect(ended.standardError.contains("still in the queue"), "\(ended)")
            // Nobody knows whether it is there.
            try night.stub("squeue", "exit 1")
            #expect(try await submit("\(Self.place) 2").status == 75)
            #expect(asked == [])
        }

        @Test func nightKeepsItsNumberOfShards() async throws {
            // Slurm did not take so many, and nothing is done yet.
            #expect(try await submit("\(Self.place) 9").status == 0)
            #expect(try await submit("\(Self.place) 2").status == 0)
            try night.write("shards/1.jsonl", "")
            let ended = try await submit("\(Self.place) 3")
            #expect(ended.status == 64, "\(ended)")
            #expect(ended.standardError.contains("begun with N = 2"), "\(ended)")
            #expect(asked.count == 4)
            #expect(try await submit("\(Self.place) 2").status == 0)
        }

        @Test(arguments: ["", "--wait "])
        func tasksWithoutAnAccountAreCancelled(_ flag: String) async throws {
            try night.stub("sbatch", #"case $* in *--array*) echo "11;here" ;; *) exit 1 ;; esac"#)
            try night.stub("scancel", #"echo "$*" >../asked"#)
            let ended = try await submit("\(flag)\(Self.place) 2")
            #expect(ended.status == 78, "\(ended)")
            #expect(asked == ["11"])
        }

        /// For a job that was cancelled before it began, sbatch ends with 0.
        @Test func waitDoesNotTakeACancelledAccountForAGoodNight() async throws {
            let good = try await submit("--wait \(Self.place) 2")
            #expect(good.status == 0, "\(good)")
            #expect(good.standardOutput + good.standardError == "", "\(good)")
            for answer in ["echo JobId=12 JobState=CANCELLED Reason=None", "exit 1"] {
                try night.stub("scontrol", answer)
                let ended = try await submit("--wait \(Self.place) 2")
                #expect(ended.status == 75, "\(ended)")
                #expect(ended.standardError.contains("merge.log"), "\(ended)")
            }
        }

        @Test(arguments: [
            ("1:00:00", "3480s"), ("10:00", "480s"), ("1:00", "30s"), ("2-03:04:05", "183725s"), ("UNLIMITED", ""),
            ("INVALID", ""), ("", ""),
        ])
        func timeThatIsLeftBecomesTheDeadline(_ left: String, _ deadline: String) async throws {
            try night.stub("squeue", #"echo "$*" >>asked; echo \#(left)"#)
            try night.stub("pictory-fetch", #"printf '%s %s\n' "${PICTORY_FETCH_DEADLINE-}" "$*""#)
            let task = ["SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "3", "SLURM_JOB_ID": "7"]
            let ended = try await night.shell("'\(Self.folder)/shard' 8 --once", environment: task)
            #expect(
                ended.standardOutput == """
                    \(deadline) run jobs.jsonl --shard 3/8 --output-dir images --results shards/3.jsonl --resume \
                    --lock shards/3.lock --summary shards/3.json --metrics shards/3.prom --once

                    """, "\(ended)")
            #expect(asked.last?.contains("--jobs 7_3") == true)
            let own = try await night.shell(
                "'\(Self.folder)/shard' 8", environment: task.merging(["PICTORY_FETCH_DEADLINE": "5m"]) { $1 })
            #expect(own.standardOutput.hasPrefix("5m "), "\(own)")
        }

        @Test(
            .enabled(
                if: FileManager.default.isExecutableFile(atPath: "/usr/bin/shellcheck"),
                "shellcheck is missing: the scripts were NOT checked"))
        func scriptsPassShellcheck() async throws {
            let paths = ["submit", "shard", "merge"].map { "\(Self.folder)/\($0)" }
            let ended = try await tool("/usr/bin/shellcheck", paths, in: night.scratch)
            #expect(ended.status == 0, "\(ended)")
        }
    }
}
