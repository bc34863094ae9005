import Foundation
import Testing

extension EndToEnd {
    /// The files of `--summary` and `--metrics`: when they are replaced, when they stay, and who may read them.
    @Suite(.timeLimit(.minutes(5))) struct RunEndFilesTests {
        private static let files = Fetch.accountFiles

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
