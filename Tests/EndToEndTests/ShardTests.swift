import Foundation
import Testing

extension EndToEnd {
    /// Copies of a run that share one manifest.
    @Suite(.timeLimit(.minutes(5))) struct ShardTests {
        private static let badLines = ["nonsense", #"{"job_id":"x"}"#, "{}"]

        /// The part of `count` that the contract's own command gives a text.
        private func shard(of text: String, count: Int, _ scratch: Scratch) async throws -> Int {
            _ = try scratch.file("text", text)
            let command = "expr $(printf %d 0x$(sha256sum <text | cut -c1-8)) % \(count) || :"
            let sum = try await RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), ["-c", command], environment: ["PATH": "/usr/bin:/bin"], in: scratch
            ).end()
            let rest = try #require(Int(sum.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)))
            return rest == 0 ? count : rest
        }

        @Test func partsTogetherDoTheWholeAndEachWhatTheSumsSay() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ids = try await manifestIDs(24)
            let lines = ids.map { line($0) } + Self.badLines + [line(ids[0].uppercased())]
            let manifest = try fetch.scratch.file("jobs.jsonl", lines.joined(separator: "\n"))
            var all: [Record] = []
            for number in 0..<3 {
                let ended = try await fetch.run(
                    arguments: Fetch.fast + ["--shard", "\(number)/3", "-r", "\(number).jsonl", manifest])
                #expect([0, 1].contains(ended.status), "\(ended)")
                let text = try String(contentsOfFile: fetch.scratch.path("\(number).jsonl"), encoding: .utf8)
                let records = try Record.all(in: text)
                let shard = number == 0 ? 3 : number
                for record in records {
                    #expect(record.text("shard") == "\(shard)/3")
                    let key = record.jobID ?? lines[record.number - 1]
                    #expect(try await self.shard(of: key, count: 3, fetch.scratch) == shard)
                }
                all += records
            }
            #expect(all.map(\.number).sorted() == Array(1...lines.count))
            #expect(all.count { $0.status == "downloaded" } == ids.count)
            #expect(all.count { $0.status == "duplicate" } == 1)
            #expect(all.count { $0.status == "invalid" } == Self.badLines.count)
            #expect(fetch.scratch.files(in: "images").count == ids.count)
        }

        @Test func changedOrForgottenShardDownloadsNothingTwice() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let lines = try await manifestIDs(12).map { line($0) }
            let first = try await fetch.run(lines, ["--shard", "1/2", "-r", "r", "--resume"])
            #expect(first.status == 0, "\(first)")
            let before = try String(contentsOfFile: fetch.scratch.path("r"), encoding: .utf8)
            let asked = try await fetch.simulator.statistics().requests
            for other in [["--shard", "2/2"], ["--shard", "1/3"], [], ["--shard", "1/1"]] {
                let ended = try await fetch.run(lines, other + ["-r", "r", "--resume"])
                #expect(ended.status == 73, "\(ended)")
                #expect(ended.standardError.contains("shard 1/2"), "\(ended)")
            }
            let again = try await fetch.run(lines, ["--shard", "1/2", "-r", "r", "--resume"])
            #expect(again.status == 0, "\(again)")
            #expect(try String(contentsOfFile: fetch.scratch.path("r"), encoding: .utf8) == before)
            let now = try await fetch.simulator.statistics().requests
            #expect(now.poll == asked.poll)
            #expect(now.image == asked.image)
        }

        @Test(arguments: ["", "3", "4/3", "1/0", "-1/3", "1/100001", "a/b", "1/3/5"])
        func wrongShardIsUsage(text: String) async throws {
            let ended = try await Fetch(try await Simulator()).run([], ["--shard=\(text)"])
            #expect(ended.status == 64, "\(ended)")
            #expect(ended.standardError.contains("--shard"), "\(ended)")
        }
    }
}
