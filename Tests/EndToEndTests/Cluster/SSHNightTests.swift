import Foundation
import Testing

extension EndToEnd {
    /// A night by samples/cluster/ssh, on three hosts.
    @Suite(.timeLimit(.minutes(5))) struct SSHNightTests {
        private static let folder = ClusterNight.samples.appendingPathComponent("ssh").path
        private static let place = "\"\(ClusterNight.directory)\""
        private let night: ClusterNight

        init() async throws {
            let simulator = try await Simulator(timeScale: 3)
            night = try ClusterNight(
                simulator,
                environment: [
                    "PICTORY_FETCH_RETRIES": "1000", "PICTORY_FETCH_RETRY_DELAY": "200ms",
                    "PICTORY_FETCH_MAX_RETRY_DELAY": "500ms", "PICTORY_FETCH_REQUEST_TIMEOUT": "5s",
                ])
            _ = try night.scratch.file("hosts", "a\nb\nc\n")
        }

        private func records(_ shard: Int) -> [Substring] {
            night.textIfThere("shards/\(shard).jsonl").split(separator: "\n")
        }

        /// The last host and exit status of each task, as parallel wrote them down.
        private func tasks() throws -> [[Substring]] {
            try night.text("joblog").split(separator: "\n").dropFirst().map { line in
                let columns = line.split(separator: "\t")
                return [columns[0], columns[1], columns[6]]
            }
        }

        @Test(.enabled(if: SSHHosts.isPossible, SSHHosts.isMissing))
        func nightThatLosesAHostIsFinishedWhenItIsResumed() async throws {
            let hosts = try await SSHHosts(night.simulator)
            try night.stub("ssh", hosts.ssh)
            let home = ["HOME": night.scratch.url.path]
            let command = hosts.entering("'\(Self.folder)/night' hosts \(Self.place) 4 --output-dir 'al'\\''l $x {1}'")
            let all = try await ClusterNight.ids(shards: 4, immediate: 5, slow: 3).flatMap { $0 }
            try night.write("jobs.jsonl", all.map { line($0) + "\n" }.joined())

            let first = try night.start(command, environment: home)
            // Three tasks run, and each has jobs that take some seconds more. One host is cut off now.
            try await first.wait { _ in (1...3).allSatisfy { records($0).count >= 5 } }
            #expect(first.isRunning, "\(night.textIfThere("parallel.log"))")
            _ = try await night.output(hosts.entering("ip link set to-c down"))
            let ended = try await first.end()
            #expect(ended.status == 75, "\(ended)\n\(night.textIfThere("parallel.log"))")
            #expect(ended.standardError.contains("a host was lost"), "\(ended)")

            // What ran there runs on, and its lock keeps the others from doing the same.
            let tasks = try tasks()
            let lost = try #require(tasks.first { $0[1] == "c" && $0[2] == "255" })[0]
            let again = try #require(tasks.last { $0[0] == lost })
            #expect(again[1] != "c" && again[2] == "75", "\(tasks)")
            #expect(try night.text("shards/\(lost).log").contains("another run holds the lock"))
            let unfinished = try Record.all(in: try night.text("results.jsonl"))
            #expect(unfinished.map(\.jobID) == all)
            #expect(unfinished.count { $0.status == "downloaded" } == 29)

            // Back in the network, it comes to its end, and the same night finds all done.
            _ = try await night.output(hosts.entering("ip link set to-c up"))
            _ = try await night.output("flock \(Self.place)/shards/\(lost).lock true")
            let second = try await night.shell(command, environment: home)
            #expect(second.status == 0, "\(second)\n\(night.textIfThere("parallel.log"))")
            #expect(second.standardOutput + second.standardError == "", "\(second)")
            let finished = try Record.all(in: try night.text("results.jsonl"))
            #expect(finished.map(\.jobID) == all)
            #expect(finished.allSatisfy { $0.status == "downloaded" })
            try await night.expectProven("results.jsonl", images: "al'l $x {1}", count: 32)
            let images = try await night.simulator.statistics().imagesPerJob
            #expect(images.count == 32)
            #expect(images.values.allSatisfy { $0 == 1 }, "\(images)")
        }

        @Test(.enabled(if: SSHHosts.isPossible, SSHHosts.isMissing))
        func nightThatIsStoppedStopsItsTasksInGoodOrder() async throws {
            let hosts = try await SSHHosts(night.simulator)
            try night.stub("ssh", hosts.ssh)
            let all = (0..<12).map { fixture(3, picture: $0) }
            try night.write("jobs.jsonl", all.map { line($0) + "\n" }.joined())
            // The shell gives way to it, so that it gets the signal.
            let program = try night.start(
                "exec " + hosts.entering("'\(Self.folder)/night' hosts \(Self.place) 3"),
                environment: ["HOME": night.scratch.url.path])
            while program.isRunning, try await night.simulator.statistics().pollsPerJob.count < all.count {
                try await Task.sleep(for: .milliseconds(100))
            }
            program.signal(SIGTERM)
            let ended = try await program.end()
            #expect(ended.status == 143, "\(ended)")
            for shard in 1...3 { _ = try await night.output("flock \(Self.place)/shards/\(shard).lock true") }
            let records = try (1...3).flatMap { try Record.all(in: try night.text("shards/\($0).jsonl")) }
            #expect(records.compactMap(\.jobID).sorted() == all.sorted())
            #expect(records.allSatisfy { $0.code == "interrupted" })
        }

        @Test func nightInWhichNoHostAnswersIsTriedAgainAndTold() async throws {
            try night.stub("parallel", "echo x >>started; exit 255")
            try night.write("jobs.jsonl", line(fixture(1)))
            let ended = try await night.shell("'\(Self.folder)/night' hosts \(Self.place) 2")
            #expect(ended.status == 75, "\(ended)")
            #expect(ended.standardError.contains("no host answers"), "\(ended)")
            #expect(try night.text("started") == "x\nx\n")
            #expect(try Record.all(in: try night.text("results.jsonl")).map(\.code) == ["no_record"])
        }

        @Test(arguments: [
            ("", 64, "usage"), ("nosuch NIGHT 2", 66, "nosuch"), ("hosts nosuch 2", 66, "nosuch"),
            ("hosts NIGHT x", 64, "N has to be"), ("hosts NIGHT 2 --lock x", 64, "--lock"),
            ("hosts NIGHT 2 --metrics x", 64, "PICTORY_FETCH_METRICS"), ("hosts NIGHT 2 --nonsense", 64, "--nonsense"),
            ("hosts NIGHT 2 --api-key-file nosuch", 78, "nosuch"), ("hosts NIGHT 3", 64, "begun with N = 2"),
        ])
        func wrongUseIsRefusedBeforeAnythingIsStarted(
            _ arguments: String, _ status: Int32, _ word: String
        ) async throws {
            try night.stub("parallel", "touch started")
            try night.write("jobs.jsonl", line(fixture(1)))
            try FileManager.default.createDirectory(
                atPath: night.scratch.path("\(ClusterNight.directory)/shards"), withIntermediateDirectories: true)
            try night.write("shards/count", "2\n")
            try night.write("shards/1.jsonl", "")
            let ended = try await night.shell(
                "'\(Self.folder)/night' \(arguments.replacingOccurrences(of: "NIGHT", with: Self.place))")
            #expect(ended.status == status, "\(ended)")
            #expect(ended.standardError.contains(word), "\(ended)")
            #expect(!night.scratch.files(in: ClusterNight.directory).contains("started"))
        }

        @Test func keyOfTheEnvironmentStaysHere() async throws {
            try night.stub("parallel", "env >started")
            try night.write("jobs.jsonl", line(fixture(1)))
            _ = try await night.shell(
                "'\(Self.folder)/night' hosts \(Self.place) 2", environment: ["PICTORY_API_KEY": "secret"])
            let told = try night.text("started") + night.text("shards/settings")
            #expect(told.contains("PICTORY_FETCH_API_KEY_FILE='"))
            #expect(!told.contains("secret"))
        }

        @Test(
            .enabled(
                if: FileManager.default.isExecutableFile(atPath: "/usr/bin/shellcheck"),
                "shellcheck is missing: the scripts were NOT checked"))
        func scriptsPassShellcheck() async throws {
            let paths = ["night", "task"].map { "\(Self.folder)/\($0)" }
            let ended = try await tool("/usr/bin/shellcheck", paths, in: night.scratch)
            #expect(ended.status == 0, "\(ended)")
        }
    }
}
