import Foundation
import Testing

extension EndToEnd {
    /// `--lock`: of two runs at once the second does nothing.
    @Suite(.timeLimit(.minutes(5))) struct LockTests {
        private let fetch: Fetch

        init() async throws {
            fetch = try Fetch(try await Simulator())
        }

        private func text(_ name: String) -> String? {
            try? String(contentsOfFile: fetch.scratch.path(name), encoding: .utf8)
        }

        /// Starts a run that holds the lock and does not end by itself.
        private func holder() async throws -> RunningProgram {
            let manifest = try fetch.scratch.file("slow.jsonl", "\(line(fixture(1)))\n\(line(fixture(3)))\n")
            let program = try fetch.start([
                "--poll-interval", "60s", "--max-poll-interval", "60s", "--lock", "run.lock", "-r", "results.jsonl",
                manifest,
            ])
            try await program.wait { _ in text("results.jsonl")?.isEmpty == false }
            return program
        }

        @Test func secondRunAtOnceIsRefusedAndTouchesNothing() async throws {
            let first = try await holder()
            let before = try #require(text("results.jsonl"))
            let requests = try await fetch.simulator.statistics().requests.poll
            let stray = ".pictory-fetch-\(fixture(2))-0123456789abcdef.part"
            _ = try fetch.scratch.file("images/\(stray)", "torn")
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(2)))
            for outputs in [
                ["-r", "results.jsonl", "--force"], ["-r", "results.jsonl", "--resume"],
                ["-o", "other", "-r", "other.jsonl", "--summary", "summary.json", "--metrics", "run.prom"],
            ] {
                let second = try await fetch.run(arguments: outputs + ["--lock", "run.lock", manifest])
                #expect(second.status == 75, "\(second)")
                #expect(
                    second.standardError
                        == "pictory-fetch: another run holds the lock run.lock; this one has done nothing\n")
                #expect(second.standardOutput == "")
            }
            #expect(text("results.jsonl") == before)
            #expect(fetch.scratch.files(in: "images").contains(stray))
            for name in ["other", "other.jsonl", "summary.json", "run.prom"] {
                #expect(!FileManager.default.fileExists(atPath: fetch.scratch.path(name)), "\(name) was made")
            }
            #expect(try await fetch.simulator.statistics().requests.poll == requests)
            first.signal(SIGTERM)
            #expect(try await first.end().status == 143)
        }

        @Test func lockOfAKilledRunIsFreeAtOnceAndItsFileStays() async throws {
            let first = try await holder()
            first.signal(SIGKILL)
            _ = try await first.end()
            let next = try await fetch.run([line(fixture(2))], ["--lock", "run.lock"])
            #expect(next.status == 0, "\(next)")
            #expect(text("run.lock") == "")
        }

        @Test func whatElseIsWrongIsToldThoughTheLockIsHeld() async throws {
            let first = try await holder()
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(2)))
            let noManifest = try await fetch.run(arguments: ["--lock", "run.lock", "nowhere.jsonl"])
            #expect(noManifest.status == 66, "\(noManifest)")
            let noKey = try await fetch.run(arguments: ["--lock", "run.lock", manifest], environment: [:])
            #expect(noKey.status == 78, "\(noKey)")
            first.signal(SIGKILL)
        }

        @Test(arguments: ["nowhere/run.lock", "/dev/null", "."])
        func lockThatCannotBeTakenIsRefusedBeforeAnyRequest(path: String) async throws {
            let ended = try await fetch.run([line(fixture(1))], ["--lock", path, "-r", "results.jsonl"])
            #expect(ended.status == 73, "\(ended)")
            #expect(ended.standardError.hasPrefix("pictory-fetch: the lock \(path) cannot be taken: "), "\(ended)")
            #expect(text("results.jsonl") == nil)
            #expect(try await fetch.simulator.statistics().requests.poll == 0)
        }
    }
}
