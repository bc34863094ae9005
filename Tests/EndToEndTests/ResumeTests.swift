import Foundation
import Testing

extension EndToEnd {
    /// Runs that carry on with the results of earlier ones.
    @Suite(.timeLimit(.minutes(5))) struct ResumeTests {
        private func results(_ fetch: Fetch) throws -> String {
            try String(contentsOfFile: fetch.scratch.path("results.jsonl"), encoding: .utf8)
        }

        private func resume(_ lines: [String], _ fetch: Fetch, _ arguments: [String] = []) async throws -> Ended {
            let ended = try await fetch.run(lines, ["--resume", "-r", "results.jsonl"] + arguments)
            #expect(ended.standardOutput == "", "\(ended)")
            return ended
        }

        /// The records that a run has appended to a file that held `before`.
        private func appended(to before: String, _ fetch: Fetch) throws -> [Record] {
            let text = try results(fetch)
            #expect(text.hasPrefix(before))
            return try Record.all(in: String(text.dropFirst(before.count)))
        }

        @Test func killedRunIsFinishedByTheNext() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ids = try await manifestIDs(120)
            let manifest = try fetch.scratch.file("jobs.jsonl", ids.map { line($0) + "\n" }.joined())
            let arguments = Fetch.fast + ["--resume", "-r", "results.jsonl", "-j", "4", manifest]
            // Again and again, each time a little further.
            for goal in [5, 30, 70] {
                let program = try fetch.start(arguments)
                try await program.wait { _ in ((try? results(fetch))?.utf8.count { $0 == 10 } ?? 0) >= goal }
                program.signal(SIGKILL)
                _ = try await program.end()
            }
            // A killed run may leave the last record torn; what stands in whole lines counts.
            let whole = try results(fetch).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            let settled = try whole.map { try Record(String($0)) }.compactMap(\.jobID)
            #expect(settled.count >= 70)
            let before = try await fetch.simulator.statistics()
            let ended = try await fetch.start(arguments).end()
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardError == "")
            let records = try Record.all(in: try results(fetch))
            #expect(records.allSatisfy { $0.status == "downloaded" })
            #expect(records.compactMap(\.jobID).sorted() == ids.sorted())
            #expect(fetch.scratch.files(in: "images") == ids.map { "\($0).png" }.sorted())
            for record in records {
                try await expectProven(record, in: fetch.scratch)
            }
            let after = try await fetch.simulator.statistics()
            for id in settled {
                #expect(after.pollsPerJob[id] == before.pollsPerJob[id])
                #expect(after.imagesPerJob[id] == before.imagesPerJob[id])
            }
        }

        @Test func secondRunAsksNothingAndWritesNothing() async throws {
            let fetch = try Fetch(try await Simulator())
            let good = [line(fixture(1)), line(fixture(1, picture: 1)), line(fixture(1))]
            let bad = [line(fixture(4)), line(fixture(8)), line(fixture(9)), "nonsense", "{\"job_id\":\"x\"}"]
            for (lines, status) in [(good, 0), (good + bad, 1)] as [([String], Int32)] {
                let first = try await resume(lines, fetch)
                #expect(first.status == status, "\(first)")
                let before = try results(fetch)
                let requests = try await fetch.simulator.statistics().requests
                let second = try await resume(lines, fetch)
                #expect(second.status == status, "\(second)")
                #expect(try results(fetch) == before)
                let now = try await fetch.simulator.statistics().requests
                #expect(now.poll == requests.poll)
                #expect(now.image == requests.image)
                #expect(second.standardError.isEmpty == (status == 0), "\(second)")
                let counts =
                    "settled by earlier runs: 2 downloaded, 3 failed, 2 invalid, 1 duplicate; their records say why"
                #expect(second.standardError.contains(counts) == (status != 0), "\(second)")
            }
        }

        @Test func imageThatIsMissingOrHasAnotherSizeIsFetchedAgain() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ids = (0..<4).map { fixture(1, picture: $0) }
            #expect(try await resume(ids.map(line), fetch).status == 0)
            let before = try results(fetch)
            let first = try Record.all(in: before)
            try FileManager.default.removeItem(atPath: fetch.scratch.path("images/\(ids[0]).png"))
            _ = try fetch.scratch.file("images/\(ids[1]).png", "short")
            // A link is no image of ours, even if it leads to one.
            let linked = fetch.scratch.path("images/\(ids[2]).png")
            try FileManager.default.moveItem(atPath: linked, toPath: fetch.scratch.path("moved.png"))
            try FileManager.default.createSymbolicLink(
                atPath: linked, withDestinationPath: fetch.scratch.path("moved.png"))
            let ended = try await resume(ids.map(line), fetch)
            #expect(ended.status == 0, "\(ended)")
            let again = try appended(to: before, fetch)
            #expect(Set(again.compactMap(\.jobID)) == Set(ids.prefix(3)))
            #expect(again.count == 3)
            for record in again {
                #expect(record.status == "downloaded")
                #expect(record.runs == 2)
                #expect(record.text("first_seen") == first.first { $0.jobID == record.jobID }?.text("first_seen"))
                try await expectProven(record, in: fetch.scratch)
            }
        }

        @Test func tornLastRecordIsCutOffAndItsJobIsDone() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ids = (0..<3).map { fixture(1, picture: $0) }
            #expect(try await resume(ids.map(line), fetch).status == 0)
            let lines = try results(fetch).split(separator: "\n")
            let whole = lines.dropLast().map { $0 + "\n" }.joined()
            for torn in [String(lines[2].prefix(1)), String(lines[2].dropLast()), "\0\0\0\0"] {
                _ = try fetch.scratch.file("results.jsonl", whole + torn)
                let ended = try await resume(ids.map(line), fetch)
                #expect(ended.status == 0, "\(ended)")
                #expect(try appended(to: whole, fetch).compactMap(\.jobID).count == 1)
            }
        }

        @Test func whatMaySucceedIsAskedAgainAndTheLastRecordCounts() async throws {
            let fetch = try Fetch(try await Simulator())
            // In progress (rerun), no credits (fix), failed for good (resubmit).
            let lines = [line(fixture(3)), line(fixture(5)), line(fixture(4))]
            for run in 1...3 {
                let before = run == 1 ? "" : try results(fetch)
                let ended = try await resume(lines, fetch, ["--once"])
                #expect(ended.status == 75, "\(ended)")
                let records = try appended(to: before, fetch)
                let expected = run == 1 ? [fixture(3), fixture(4), fixture(5)] : [fixture(3), fixture(5)]
                #expect(records.compactMap(\.jobID).sorted() == expected)
                #expect(records.allSatisfy { $0.runs == run })
            }
            // What is left without the job in progress fails for good, and still does when nothing is asked.
            #expect(try await resume([lines[2]], fetch).status == 1)
            #expect(try await resume([line(fixture(1))], fetch).status == 0)
        }

        @Test func recordsAsAManifestOfAResumedRun() async throws {
            let fetch = try Fetch(try await Simulator())
            let lines = [line(fixture(1)), line(fixture(3)), line(fixture(4))]
            #expect(try await resume(lines, fetch, ["--once"]).status == 75)
            let before = try results(fetch)
            let copy = before.split(separator: "\n").map(String.init)
            #expect(try await resume(copy, fetch, ["--once"]).status == 75)
            let records = try appended(to: before, fetch)
            #expect(records.compactMap(\.jobID) == [fixture(3)])
            #expect(records.first?.runs == 2)
            #expect(records.first?.line.contains("\"input\":\(line(fixture(3)))") == true)
            // The journal itself would grow while it is read.
            let itself = try await fetch.run(arguments: ["--resume", "-r", "results.jsonl", "results.jsonl"])
            #expect(itself.status == 73, "\(itself)")
        }

        @Test(arguments: [["--resume"], ["--resume", "-r", "-"], ["--resume", "--force", "-r", "results.jsonl"]])
        func resumingNeedsAFileThatIsKept(arguments: [String]) async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run([line(fixture(1))], arguments)
            #expect(ended.status == 64, "\(ended)")
            #expect(ended.standardError.contains("--resume"), "\(ended)")
            #expect(fetch.scratch.files(in: "images") == [])
        }

        @Test func fileOfAnotherMakeIsRefusedAndKept() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            _ = try fetch.scratch.file("results.jsonl", "notes\nmore notes")
            let notes = try await resume([line(fixture(1))], fetch)
            #expect(notes.status == 73, "\(notes)")
            #expect(notes.standardError.contains("line 1"), "\(notes)")
            #expect(try results(fetch) == "notes\nmore notes")
            let device = try await fetch.run([line(fixture(1))], ["--resume", "-r", "/dev/null"])
            #expect(device.status == 73, "\(device)")
            #expect(try await fetch.simulator.statistics().requests.poll == 0)
        }

        @Test func runsThatGoOnAreNotResumed() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let input = Pipe()
            let first = try fetch.start(Fetch.fast + ["-r", "results.jsonl"], input: input.fileHandleForReading)
            try input.fileHandleForWriting.write(contentsOf: Data("\(line(fixture(1)))\n".utf8))
            try await first.wait { _ in ((try? results(fetch)) ?? "").hasSuffix("\n") }
            let second = try await resume([line(fixture(1, picture: 1))], fetch)
            #expect(second.status == 73, "\(second)")
            #expect(second.standardError.contains("another run"), "\(second)")
            try input.fileHandleForWriting.close()
            #expect(try await first.end().status == 0)
            #expect(try await resume([line(fixture(1)), line(fixture(1, picture: 1))], fetch).status == 0)
            #expect(try Record.all(in: try results(fetch)).count == 2)
        }
    }
}
