import Foundation
import Testing

extension EndToEnd {
    /// The page that a person looks at in the morning.
    @Suite(.timeLimit(.minutes(5))) struct ReportTests {
        private func report(
            _ fetch: Fetch, _ arguments: [String], input: FileHandle? = nil, environment: [String: String] = [:]
        ) async throws -> Ended {
            try await fetch.start(
                ["report"] + arguments, input: input,
                environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
            ).end()
        }

        /// A night with an end of most kinds.
        private func night() async throws -> Fetch {
            let fetch = try Fetch(try await Simulator())
            let lines =
                (0..<4).map { line(fixture(1, picture: $0)) } + [line(fixture(4)), line(fixture(5)), "nonsense"]
                + [line(fixture(1))]
            let ended = try await fetch.run(lines, ["-r", "results.jsonl", "--summary", "summary.json"])
            #expect([1, 75].contains(ended.status), "\(ended)")
            return fetch
        }

        private func exists(_ name: String, _ fetch: Fetch) -> Bool {
            FileManager.default.fileExists(atPath: fetch.scratch.path(name))
        }

        @Test func pageHoldsTheRecordsThatMergeWrites() async throws {
            let fetch = try await night()
            let ended = try await report(fetch, ["results.jsonl"])
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardOutput + ended.standardError == "", "\(ended)")
            let page = try await ReadPage("report.html", in: fetch.scratch)
            #expect(page.headings == ["Summary", "To do", "The night", "Images"])
            let merged = try await fetch.start(["merge", "results.jsonl"]).end()
            #expect(page.records == merged.standardOutput)
            #expect(page.has("4 of 7 images are there"), "\(page.texts)")
            #expect(page.has("job_failed") && page.has("invalid_json"))
            #expect(page.has("Records over time") && page.has("How long the API took") && page.has("Polls a job"))
            #expect(page.settings.contains("\"records\": 8"), "\(page.settings)")
        }

        @Test func ofSeveralFilesAndAPipeTheRecordCountsThatWasFinishedLast() async throws {
            let fetch = try await night()
            let again = try await fetch.run(
                arguments: Fetch.fast + ["--force", "-r", "later.jsonl", fetch.scratch.path("jobs.jsonl")])
            #expect([1, 75].contains(again.status), "\(again)")
            let merged = try await fetch.start(["merge", "later.jsonl", "results.jsonl"]).end()
            #expect(try await report(fetch, ["later.jsonl", "results.jsonl"]).status == 0)
            #expect(try await ReadPage("report.html", in: fetch.scratch).records == merged.standardOutput)
            let input = try FileHandle(forReadingFrom: fetch.scratch.url.appendingPathComponent("later.jsonl"))
            #expect(try await report(fetch, ["-o", "piped.html", "results.jsonl", "-"], input: input).status == 0)
            #expect(try await ReadPage("piped.html", in: fetch.scratch).records == merged.standardOutput)
        }

        @Test func sameRecordsGiveTheSameBytesWhereverThePageGoes() async throws {
            let fetch = try await night()
            #expect(try await report(fetch, ["results.jsonl"]).status == 0)
            #expect(try await report(fetch, ["-o", "again.html", "results.jsonl"]).status == 0)
            let streamed = try await report(fetch, ["-o", "-", "results.jsonl"])
            let text = try fetch.scratch.text("report.html")
            #expect(try fetch.scratch.text("again.html") == text)
            #expect(streamed.standardOutput == text)
        }

        @Test func pageThatExistsOrIsAnInputIsRefused() async throws {
            let fetch = try await night()
            _ = try fetch.scratch.file("old.html", "old\n")
            try FileManager.default.createSymbolicLink(
                atPath: fetch.scratch.path("link"), withDestinationPath: "results.jsonl")
            let before = try fetch.scratch.text("results.jsonl")
            for (arguments, reason) in [
                (["-o", "old.html", "results.jsonl"], "exists; --force"),
                (["-o", "results.jsonl", "results.jsonl"], "is one of the files"),
                (["--force", "-o", "link", "results.jsonl"], "is one of the files"),
                (
                    ["--force", "-o", "summary.json", "results.jsonl", "--history", "summary.json"],
                    "is one of the files"
                ),
                (["-o", "no/x.html", "results.jsonl"], "No such file"), (["-o", ".", "results.jsonl"], "directory"),
            ] {
                let ended = try await report(fetch, arguments)
                #expect(ended.status == 73, "\(ended)")
                #expect(ended.standardError.contains(reason), "\(arguments): \(ended)")
            }
            let output = try FileHandle(forUpdating: fetch.scratch.url.appendingPathComponent("results.jsonl"))
            let ended = try await RunningProgram(
                Programs.url("pictory-fetch"), ["report", "-o", "-", "results.jsonl"], environment: [:],
                sending: output, in: fetch.scratch
            ).end()
            #expect(ended.status == 73, "\(ended)")
            #expect(try fetch.scratch.text("results.jsonl") == before)
            #expect(try fetch.scratch.text("old.html") == "old\n")
            let forced = try await report(fetch, ["--force", "-o", "old.html", "results.jsonl"])
            #expect(forced.status == 0, "\(forced)")
            #expect(try fetch.scratch.text("old.html").hasPrefix("<!doctype html>"))
            #expect(fetch.scratch.files(in: "").allSatisfy { !$0.hasSuffix(".tmp") })
        }

        @Test func resultsThatCannotBeReadAreNamedAndLeaveNoPage() async throws {
            let fetch = try await night()
            _ = try fetch.scratch.file("foreign.jsonl", "{}\n")
            for (arguments, reason) in [
                (["missing.jsonl"], "missing.jsonl"), (["foreign.jsonl"], "its line 1 is none"),
                (["missing.jsonl", "foreign.jsonl"], "foreign.jsonl"), (["."], "directory"),
                (["foreign.jsonl", "--history", "missing.json"], "the summary missing.json"),
            ] {
                let ended = try await report(fetch, arguments)
                #expect(ended.status == 66, "\(ended)")
                #expect(ended.standardError.contains(reason), "\(arguments): \(ended)")
                #expect(!exists("report.html", fetch))
            }
            // What can be read has its page, and the page says what is missing in it.
            let ended = try await report(fetch, ["results.jsonl", "missing.jsonl"])
            #expect(ended.status == 66, "\(ended)")
            #expect(try await ReadPage("report.html", in: fetch.scratch).has("missing.jsonl cannot be read"))
        }

        @Test func summariesThatCannotBeReadAreNamedAndThePageIsMadeWithoutThem() async throws {
            let fetch = try await night()
            _ = try fetch.scratch.file("earlier.json", try earlierSummary(fetch))
            for (arguments, reason) in [
                (["--history", "missing.json"], "the summary missing.json cannot be read: No such file"),
                (["--history", "results.jsonl"], "the summary results.jsonl is none that run --summary has written"),
                // What a shell makes of --history *.json.
                (["summary.json"], "summary.json looks like a summary: --history is given for each one"),
            ] {
                let ended = try await report(
                    fetch, ["--force", "results.jsonl", "--history", "earlier.json"] + arguments)
                #expect(ended.status == 66, "\(ended)")
                #expect(ended.standardError.contains(reason), "\(arguments): \(ended)")
                let page = try await ReadPage("report.html", in: fetch.scratch)
                #expect(page.has(reason))
                #expect(page.has("Images each night"))
            }
        }

        /// The summary of the night, as if it had been one of years ago.
        private func earlierSummary(_ fetch: Fetch) throws -> String {
            try fetch.scratch.text("summary.json").replacing(/_at":"\d{4}/, with: "_at\":\"2020")
        }

        @Test func tornLinesAreToldOnThePageToo() async throws {
            let fetch = try await night()
            let text = try fetch.scratch.text("results.jsonl")
            _ = try fetch.scratch.file("torn.jsonl", text + text.prefix(50))
            let ended = try await report(fetch, ["torn.jsonl"])
            #expect(ended.status == 0, "\(ended)")
            let sentence = "the results file torn.jsonl: line 9 is no result record and is passed over"
            #expect(ended.standardError == "pictory-fetch: \(sentence)\n")
            #expect(try await ReadPage("report.html", in: fetch.scratch).has(sentence))
        }

        @Test func emptyFileIsANightWithoutJobs() async throws {
            let fetch = try Fetch(try await Simulator())
            _ = try fetch.scratch.file("empty.jsonl", "")
            let ended = try await report(fetch, ["empty.jsonl", "--title", "Nothing & no one"])
            #expect(ended.status == 0 && ended.standardError == "", "\(ended)")
            let page = try await ReadPage("report.html", in: fetch.scratch)
            #expect(page.has("A night without jobs."))
            #expect(page.has("Nothing & no one"))
            #expect(page.records == "")
        }

        @Test func nightsBeforeAreDrawnBesideThisOne() async throws {
            let fetch = try await night()
            // The summary of the night itself is none of a night before.
            #expect(try await report(fetch, ["results.jsonl", "--history", "summary.json"]).status == 0)
            #expect(try await !ReadPage("report.html", in: fetch.scratch).has("each night"))
            _ = try fetch.scratch.file("earlier.json", try earlierSummary(fetch))
            let arguments = ["--force", "results.jsonl", "--history", "earlier.json", "--history", "summary.json"]
            #expect(try await report(fetch, arguments).status == 0)
            let page = try await ReadPage("report.html", in: fetch.scratch)
            for title in ["Images", "Failures", "Credits"] { #expect(page.has("\(title) each night")) }
            #expect(page.tags.contains { $0 == "svg aria-label class role viewbox" })
        }

        @Test func imagesAreNamedFromThePage() async throws {
            let fetch = try await night()
            try FileManager.default.createDirectory(
                atPath: fetch.scratch.path("a/b"), withIntermediateDirectories: true)
            for (output, base) in [
                ("a/b/x.html", "../../"), ("x.html", ""), ("./a/x.html", "../"),
                (fetch.scratch.path("a/y.html"), "../"),
            ] {
                #expect(try await report(fetch, ["-o", output, "results.jsonl"]).status == 0)
                let name = output.hasPrefix("/") ? "a/y.html" : output
                let page = try await ReadPage(name, in: fetch.scratch)
                #expect(page.settings.contains("\"imageBase\": \"\(base)\""), "\(page.settings)")
            }
        }

        /// The command that stands on the page, pasted into a shell.
        @Test func commandOnThePageDoesTheRest() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await fetch.run(
                [line(fixture(1)), line(fixture(2))], ["--once", "-r", "re'sults.jsonl", "-o", "my images"])
            #expect(ended.status == 75, "\(ended)")
            #expect(try await report(fetch, ["re'sults.jsonl"]).status == 0)
            let page = try await ReadPage("report.html", in: fetch.scratch)
            let command = try #require(page.texts.first { $0.hasPrefix("pictory-fetch /") }, "\(page.texts)")
            let environment = fetch.simulator.environment.merging([
                "PATH": "\(Programs.directory.path):/usr/bin:/bin", "PICTORY_FETCH_POLL_INTERVAL": "100ms",
                "PICTORY_FETCH_MAX_POLL_INTERVAL": "300ms",
            ]) { $1 }
            let done = try await RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), ["-c", command], environment: environment, in: fetch.scratch
            ).end()
            #expect(done.status == 0, "\(command)\n\(done)")
            #expect(fetch.scratch.files(in: "my images").count == 2)
            let images = try await fetch.simulator.statistics().imagesPerJob
            #expect(images.values.allSatisfy { $0 == 1 }, "\(images)")
        }

        @Test func pageThatCannotBeWrittenIsSaid() async throws {
            let fetch = try await night()
            let full = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
            let ended = try await RunningProgram(
                Programs.url("pictory-fetch"), ["report", "-o", "-", "results.jsonl"], environment: [:], sending: full,
                in: fetch.scratch
            ).end()
            #expect(ended.status == 74, "\(ended)")
            #expect(ended.standardError.contains("standard output could not be written"), "\(ended)")
        }

        @Test(arguments: [
            [], ["-", "-"], ["r", "--history", "-"], ["r", "--history"], ["--titel", "x", "r"], ["-o"],
        ])
        func wrongUsageIsNamed(arguments: [String]) async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await report(fetch, arguments)
            #expect(ended.status == 64, "\(ended)")
        }
    }
}
