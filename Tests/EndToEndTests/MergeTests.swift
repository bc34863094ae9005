import Foundation
import Testing

extension EndToEnd {
    /// One account of many results files.
    @Suite(.timeLimit(.minutes(5))) struct MergeTests {
        private func merge(_ fetch: Fetch, _ arguments: [String], input: FileHandle? = nil) async throws -> Ended {
            try await fetch.start(["merge"] + arguments, input: input, environment: ["PATH": "/usr/bin:/bin"]).end()
        }

        private func text(_ name: String, _ fetch: Fetch) throws -> String {
            try String(contentsOfFile: fetch.scratch.path(name), encoding: .utf8)
        }

        /// A night that three copies share; the third has died before its end.
        private func night() async throws -> (fetch: Fetch, lines: [String]) {
            let fetch = try Fetch(try await Simulator())
            let ids = [1, 1, 1, 1, 1, 1, 4, 8].enumerated().map { fixture($1, picture: $0) }
            let lines = ids.map { line($0) } + ["nonsense", line(ids[0])]
            _ = try fetch.scratch.file("jobs.jsonl", lines.joined(separator: "\n") + "\n")
            for shard in 1...3 {
                let ended = try await fetch.run(
                    arguments: Fetch.fast + ["--shard", "\(shard)/3", "-r", "\(shard).jsonl", "jobs.jsonl"])
                #expect([0, 1].contains(ended.status), "\(ended)")
            }
            return (fetch, lines)
        }

        @Test func partsOfANightMakeOneAccount() async throws {
            let (fetch, lines) = try await night()
            let parts = ["1.jsonl", "2.jsonl", "3.jsonl"]
            let merged = try await merge(
                fetch, ["--manifest", "jobs.jsonl", "-r", "all.jsonl", "--summary", "all.json"] + parts)
            #expect(merged.status == 1, "\(merged)")
            #expect(merged.standardOutput == "")
            #expect(merged.standardError.hasPrefix("pictory-fetch: 10 records: 6 downloaded, 2 failed"), "\(merged)")
            let records = try Record.all(in: try text("all.jsonl", fetch))
            #expect(records.map(\.number) == Array(1...lines.count))
            let given = try parts.flatMap { try text($0, fetch).split(separator: "\n").map(String.init) }
            #expect(records.map(\.line).sorted() == given.sorted())
            let totals = try fetch.scratch.totals("all.json")
            #expect(totals.exitStatus == 1)
            #expect(totals.records == lines.count)
            #expect(totals.manifests == ["jobs.jsonl"])
            // Without a manifest there is the same to tell.
            let alone = try await merge(fetch, parts)
            #expect(alone.status == 1, "\(alone)")
            #expect(alone.standardOutput == (try text("all.jsonl", fetch)))
            // What was merged is merged again, from a pipe too, and is the journal of the whole.
            let input = try FileHandle(forReadingFrom: fetch.scratch.url.appendingPathComponent("all.jsonl"))
            let again = try await merge(fetch, ["-"], input: input)
            #expect(again.standardOutput == (try text("all.jsonl", fetch)))
            let before = try await fetch.simulator.statistics().requests
            let resumed = try await fetch.run(arguments: Fetch.fast + ["--resume", "-r", "all.jsonl", "jobs.jsonl"])
            #expect(resumed.status == 1, "\(resumed)")
            let after = try await fetch.simulator.statistics().requests
            #expect(after.poll == before.poll)
            #expect(after.image == before.image)
        }

        @Test func lostPartIsDoneByTheNextRun() async throws {
            let (fetch, lines) = try await night()
            let merged = try await merge(
                fetch, ["--manifest", "jobs.jsonl", "-r", "all.jsonl", "1.jsonl", "missing.jsonl", "2.jsonl"])
            #expect(merged.status == 66, "\(merged)")
            #expect(merged.standardError.contains("missing.jsonl"), "\(merged)")
            let records = try Record.all(in: try text("all.jsonl", fetch))
            #expect(records.count == lines.count)
            let lost = records.filter { $0.code == "no_record" }
            let third = try Record.all(in: try text("3.jsonl", fetch))
            #expect(lost.compactMap(\.jobID) == third.filter { $0.polls != nil }.compactMap(\.jobID).sorted())
            #expect(lost.allSatisfy { $0.runs == 0 && $0.action == "rerun" && $0.status == "pending" })
            let resumed = try await fetch.run(arguments: Fetch.fast + ["--resume", "-r", "all.jsonl", "jobs.jsonl"])
            #expect(resumed.status == 1, "\(resumed)")
            let whole = try await merge(fetch, ["--manifest", "jobs.jsonl", "all.jsonl"])
            #expect(whole.status == 1, "\(whole)")
            #expect(try whole.records().allSatisfy { $0.code != "no_record" })
        }

        @Test func whatIsPassedOverIsToldAndTheRestIsDone() async throws {
            let (fetch, _) = try await night()
            let first = try text("1.jsonl", fetch)
            _ = try fetch.scratch.file("torn.jsonl", "{}\n" + first + first.prefix(50))
            _ = try fetch.scratch.file("empty.jsonl", "")
            let merged = try await merge(fetch, ["--tolerate", "100%", "torn.jsonl", "empty.jsonl"])
            #expect(merged.status == 0, "\(merged)")
            let lines = first.split(separator: "\n").count
            #expect(
                merged.standardError
                    == "pictory-fetch: the results file torn.jsonl: 2 lines are no result records and are passed over: "
                    + "1, \(lines + 2)\n")
            _ = try fetch.scratch.file("foreign.jsonl", "{}\n")
            let foreign = try await merge(fetch, ["1.jsonl", "foreign.jsonl"])
            #expect(foreign.status == 66, "\(foreign)")
            #expect(foreign.standardError.contains("foreign.jsonl holds no result record"), "\(foreign)")
        }

        @Test func silentWhenEveryJobHasItsImage() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(try await manifestIDs(5).map { line($0) }, ["-r", "r.jsonl"])
            #expect(ended.status == 0, "\(ended)")
            let merged = try await merge(fetch, ["r.jsonl", "--metrics", "all.prom"])
            #expect(merged.status == 0)
            let waited = try Record.all(in: text("r.jsonl", fetch)).compactMap(\.waited).reduce(0, +)
            let sum = try #require(
                text("all.prom", fetch).firstMatch(of: /_waited_seconds_sum\{run="all"\} ([0-9]+)\.([0-9]{3})\n/))
            #expect(Int("\(sum.1)\(sum.2)") == waited)
            #expect(try text("all.prom", fetch).contains("pictory_fetch_download_seconds_count{run=\"all\"} 5\n"))
            #expect(merged.standardError == "")
            #expect(try text("all.prom", fetch).contains("pictory_fetch_exit_status{run=\"all\"} 0"))
        }

        @Test func outputsThatExistOrAreInputsAreRefused() async throws {
            let (fetch, _) = try await night()
            let before = try text("1.jsonl", fetch)
            _ = try fetch.scratch.file("old", "old\n")
            for (arguments, reason) in [
                (["-r", "old", "1.jsonl"], "exists; --force"), (["-r", "1.jsonl", "1.jsonl"], "results to merge"),
                (["--force", "-r", "1.jsonl", "1.jsonl", "2.jsonl"], "results to merge"),
                (["--force", "-r", "jobs.jsonl", "--manifest", "jobs.jsonl", "1.jsonl"], "a manifest"),
                (["--summary", "1.jsonl", "1.jsonl"], "results to merge"),
                (["-r", "x", "--summary", "x", "1.jsonl"], "same file"), (["-r", "no/x", "1.jsonl"], "No such file"),
            ] {
                let ended = try await merge(fetch, arguments)
                #expect(ended.status == 73, "\(ended)")
                #expect(ended.standardError.contains(reason), "\(ended)")
            }
            #expect(try text("1.jsonl", fetch) == before)
            #expect(try text("old", fetch) == "old\n")
            let forced = try await merge(fetch, ["--force", "-r", "old", "1.jsonl"])
            #expect([0, 1].contains(forced.status), "\(forced)")
            #expect(try text("old", fetch).utf8.count == before.utf8.count)
            #expect(fetch.scratch.files(in: "").allSatisfy { !$0.hasSuffix(".tmp") })
        }

        @Test func fileStaysAsItIsWhereThereIsNothingToMerge() async throws {
            let (fetch, _) = try await night()
            _ = try fetch.scratch.file("old", "old\n")
            _ = try fetch.scratch.file("foreign", "{}\n")
            for arguments in [["missing"], ["-q", "foreign", "missing"], ["--manifest", "jobs.jsonl", "missing"]] {
                for output in [["--force", "-r", "old"], ["-r", "new"]] {
                    let ended = try await merge(fetch, output + arguments)
                    #expect(ended.status == 66, "\(ended)")
                    #expect(ended.standardError.contains("missing"), "\(ended)")
                }
            }
            #expect(try text("old", fetch) == "old\n")
            #expect(!FileManager.default.fileExists(atPath: fetch.scratch.path("new")))
            let quiet = try await merge(fetch, ["-q", "1.jsonl", "missing"])
            #expect(quiet.status == 66)
            #expect(quiet.standardError.contains("missing"), "\(quiet)")
        }

        @Test func replacedFileKeepsItsModeAndALinkToNothingIsRefused() async throws {
            let (fetch, _) = try await night()
            let old = try fetch.scratch.file("old", "old\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: old)
            let forced = try await merge(fetch, ["--force", "-r", "old", "1.jsonl"])
            #expect([0, 1].contains(forced.status), "\(forced)")
            #expect(try FileManager.default.attributesOfItem(atPath: old)[.posixPermissions] as? Int == 0o600)
            try FileManager.default.createSymbolicLink(
                atPath: fetch.scratch.path("link"), withDestinationPath: "nowhere")
            for force in [[], ["--force"]] {
                let ended = try await merge(fetch, force + ["-r", "link", "1.jsonl"])
                #expect(ended.status == 73, "\(ended)")
            }
        }

        @Test func pipeThatFindsNoPlaceIsNamedWithTheDirectory() async throws {
            let (fetch, _) = try await night()
            let input = try FileHandle(forReadingFrom: fetch.scratch.url.appendingPathComponent("1.jsonl"))
            let ended = try await fetch.start(
                ["merge", "2.jsonl", "-"], input: input, environment: ["TMPDIR": "/nowhere"]
            ).end()
            #expect(ended.status == 66, "\(ended)")
            #expect(ended.standardError.contains("cannot be kept in /nowhere (TMPDIR)"), "\(ended)")
        }

        @Test(arguments: [
            [], ["--tolerate", "x", "r"], ["--tolerate", "101%", "r"], ["--tolerate=-1", "r"], ["-", "-"],
            ["--manifest", "-", "-"], ["--summary", "-", "r"], ["--shard", "1/2", "r"],
        ]) func wrongUsageIsNamed(arguments: [String]) async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await merge(fetch, arguments)
            #expect(ended.status == 64, "\(ended)")
        }
    }

    /// Lines without an image that are no failure of the run.
    @Suite(.timeLimit(.minutes(5))) struct ToleranceTests {
        @Test func fewLinesWithoutAnImageAreTolerated() async throws {
            let fetch = try Fetch(try await Simulator())
            let lines =
                [1, 1, 4].enumerated().map { line(fixture($1, picture: $0)) } + [
                    "nonsense", line(fixture(4, picture: 2)),
                ]
            for (tolerance, status) in [("2", 1), ("3", 0), ("59.999999%", 1), ("60%", 0), ("0", 1)]
                as [(String, Int32)]
            {
                let ended = try await fetch.run(
                    lines, ["--tolerate", tolerance, "--summary", "s.json", "-r", "r.jsonl", "--force"])
                #expect(ended.status == status, "\(tolerance): \(ended)")
                #expect(ended.standardError.isEmpty == (status == 0), "\(ended)")
                let summary = try String(contentsOfFile: fetch.scratch.path("s.json"), encoding: .utf8)
                #expect(summary.contains("\"tolerated\":\(status == 0 ? 3 : 0),"), "\(summary)")
                #expect(summary.contains("\"exit_status\":\(status),"), "\(summary)")
            }
        }
    }
}
