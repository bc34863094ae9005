import Foundation
import Testing

extension EndToEnd {
    /// The program as a part of a pipeline, between other people's programs.
    @Suite(.timeLimit(.minutes(5))) struct PipeTests {
        /// Runs a script of the shell with the built programs in PATH.
        private func shell(_ script: String, _ fetch: Fetch) async throws -> Ended {
            let file = try fetch.scratch.file("\(UUID()).sh", "set -eu\n\(script)\n")
            let path = "\(Programs.directory.path):/usr/local/bin:/usr/bin:/bin"
            return try await RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), [file],
                environment: fetch.simulator.environment.merging(["PATH": path]) { $1 }, in: fetch.scratch
            ).end()
        }

        /// Each id is written only after the record of the one before came out at the other end.
        @Test func everyRecordIsThereBeforeTheNextLineIsRead() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ids = (0..<4).map { fixture(1, picture: $0) }
            let ended = try await shell(
                """
                mkfifo lines ids
                pictory-fetch <lines | jq -r --unbuffered .job_id >ids &
                exec 3>lines 4<ids
                for id in \(ids.joined(separator: " ")); do
                    printf '{"job_id":"%s"}\\n' "$id" >&3
                    timeout 60 head -c 37 <&4
                done
                exec 3>&-
                wait
                """, fetch)
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardOutput == ids.map { "\($0)\n" }.joined())
        }

        @Test func runsAtOnceMayShareTheOutputDirectory() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            // Every job is named in two of the four runs, so that images are replaced while others are written.
            let lines = (0..<16).map { line(fixture(0x28, picture: $0)) }
            for run in 0..<4 {
                let own = lines[(run % 2) * 8..<(run % 2) * 8 + 8]
                _ = try fetch.scratch.file("jobs-\(run).jsonl", own.map { $0 + "\n" }.joined())
            }
            let ended = try await shell(
                """
                for run in 0 1 2 3; do
                    pictory-fetch jobs-$run.jsonl --results results-$run.jsonl &
                done
                wait
                exec pictory-fetch verify --deep results-0.jsonl results-1.jsonl results-2.jsonl results-3.jsonl
                """, fetch)
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardError == "")
            for run in 0..<4 {
                let text = try String(contentsOfFile: fetch.scratch.path("results-\(run).jsonl"), encoding: .utf8)
                let records = try Record.all(in: text)
                #expect(records.count == 8)
                #expect(records.allSatisfy { $0.status == "downloaded" && $0.downloads == 1 }, "\(text)")
            }
            #expect(fetch.scratch.files(in: "images").count == 16)
        }
    }
}
