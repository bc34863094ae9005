import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Images with names that a template makes.
    @Suite(.timeLimit(.minutes(5))) struct NameTests {
        private let fetch: Fetch
        private let ids = (0..<4).map { fixture(1, picture: $0) }

        init() async throws {
            fetch = try Fetch(try await Simulator(scenario: "calm"))
        }

        private func job(_ place: Int, _ fields: String) -> String {
            #"{"job_id":"\#(ids[place])",\#(fields)}"#
        }

        private func run(_ template: String, _ lines: [String], _ arguments: [String] = []) async throws -> Ended {
            try await fetch.run(lines, ["--name", template] + arguments)
        }

        /// The images below the output directory, without the directories on the way.
        private var images: [String] {
            fetch.scratch.files(in: "images").filter { name in
                var isDirectory: ObjCBool = false
                return FileManager.default.fileExists(
                    atPath: fetch.scratch.path("images/\(name)"), isDirectory: &isDirectory)
                    && !isDirectory.boolValue
            }
        }

        private func name(_ record: Record?) -> String? { record?.image["name"] as? String }

        @Test func imagesLieWhereTheTemplateSays() async throws {
            let lines = [
                job(0, #""customer":"acme","n":1.50"#), job(1, #""customer":"é/ü""#), "\"\(ids[2])\"",
                job(3, #""customer":"acme","in":{"n":true}"#),
            ]
            let ended = try await run("{customer}/{in.n}{n}/{job_id:2}-{line}.png", lines)
            #expect(ended.status == 0, "\(ended)")
            let names = ["acme/_1.50/00-1.png", "é_ü/__/00-2.png", "_/__/00-3.png", "acme/true_/00-4.png"]
            #expect(images == names.sorted())
            let records = try ended.records()
            for (place, name) in names.enumerated() {
                let record = try #require(records.first { $0.number == place + 1 })
                #expect(self.name(record) == name)
                #expect(record.image["path"] as? String == "images/\(name)")
                try await expectProven(record, in: fetch.scratch)
            }
        }

        @Test func defaultNameIsInNoRecord() async throws {
            for template in [[], ["--name", "{job_id}.png"]] {
                let ended = try await fetch.run([line(ids[0])], template)
                #expect(ended.status == 0, "\(ended)")
                #expect(try ended.records().first?.image["path"] as? String == "images/\(ids[0]).png")
                #expect(try name(ended.records().first) == nil)
            }
        }

        /// Whatever stands in a line.
        @Test func hostileValuesStayBelowTheOutputDirectory() async throws {
            let hostile = [
                #""../../escape""#, #""/etc/passwd""#, #""..""#, #""-rf""#, #""a\u0000b""#, #""\ud800""#,
                #""\n\u0085""#,
                "\"\(String(repeating: "é", count: 400))\"", "\"\"", "null", "[1]", "-1e999", #"".hidden""#,
                #""\u002e\u002e\u002fx""#,
            ]
            let lines = hostile.enumerated().map { place, value in
                #"{"job_id":"\#(fixture(1, picture: place))","x":\#(value)}"#
            }
            let ended = try await run("{x}/{x}{job_id}", lines)
            #expect(ended.status == 0, "\(ended)")
            #expect(images.count == hostile.count)
            for name in images {
                let components = name.split(separator: "/", omittingEmptySubsequences: false)
                #expect(components.count == 2 && components.allSatisfy { 1...255 ~= $0.utf8.count })
                #expect(components.allSatisfy { !$0.hasPrefix(".") && !$0.hasPrefix("-") })
            }
            // Nothing but the images, the manifest and the program's own output is there.
            let made = try FileManager.default.contentsOfDirectory(atPath: fetch.scratch.url.path)
            #expect(
                made.allSatisfy { $0 == "images" || $0 == "jobs.jsonl" || $0.hasSuffix(".out") || $0.hasSuffix(".err") }
            )
        }

        @Test(arguments: ["a.png", "{", "{}", "{job_id:0}", "/{job_id}", "../{job_id}", "{x:y}"])
        func wrongTemplateIsUsage(template: String) async throws {
            for command in [["run"], ["check"], ["config"]] {
                let ended = try await fetch.run(arguments: command + ["--name", template, "/dev/null"])
                #expect(ended.status == 64, "\(ended)")
                #expect(ended.standardError.contains("--name"), "\(ended)")
            }
            var environment = fetch.simulator.environment
            environment["PICTORY_FETCH_NAME"] = template
            let ended = try await fetch.run(arguments: ["/dev/null"], environment: environment)
            #expect(ended.status == 78 && ended.standardError.contains("PICTORY_FETCH_NAME"), "\(ended)")
            #expect(fetch.scratch.files(in: "images") == [])
        }

        @Test func templateMayComeFromVariableOrFile() async throws {
            _ = try fetch.scratch.file("settings.json", #"{"name":"f-{job_id}"}"#)
            _ = try fetch.scratch.file("one.jsonl", line(ids[0]))
            var environment = fetch.simulator.environment
            let arguments = Fetch.fast + ["--config", "settings.json", "one.jsonl"]
            #expect(try await fetch.run(arguments: arguments, environment: environment).status == 0)
            environment["PICTORY_FETCH_NAME"] = "v-{job_id}"
            #expect(try await fetch.run(arguments: arguments, environment: environment).status == 0)
            #expect(images == ["f-\(ids[0])", "v-\(ids[0])"])
        }

        // MARK: One name for two jobs

        @Test func secondJobThatWantsANameFailsWithoutADownload() async throws {
            let ended = try await run("{x}.png", [job(0, #""x":"cat""#), job(1, #""x":"cat""#), job(2, #""x":"dog""#)])
            #expect(ended.status == 1, "\(ended)")
            let records = try ended.records()
            let taken = try #require(records.first { $0.code == "name_taken" })
            let kept = try #require(records.first { name($0) == "cat.png" })
            #expect(taken.action == "fix" && taken.object("error")["stage"] as? String == "store")
            #expect(taken.downloads == 0)
            #expect((taken.object("error")["message"] as? String)?.contains(kept.jobID ?? "-") == true)
            #expect(images == ["cat.png", "dog.png"])
            try await expectProven(kept, in: fetch.scratch)
        }

        @Test func journalOfAnotherDirectoryOverwritesNothing() async throws {
            let lines = [job(0, #""x":"cat""#)]
            let journal = ["--results", "results.jsonl", "--resume"]
            #expect(try await run("{x}.png", lines, journal).status == 0)
            try FileManager.default.createDirectory(
                atPath: fetch.scratch.path("other"), withIntermediateDirectories: false)
            _ = try fetch.scratch.file("other/cat.png", "somebody's drawing")
            let ended = try await run("{x}.png", lines, journal + ["--output-dir", "other"])
            #expect(ended.status == 1, "\(ended)")
            #expect(ended.standardError.contains("name_taken"), "\(ended)")
            let drawing = try String(contentsOfFile: fetch.scratch.path("other/cat.png"), encoding: .utf8)
            #expect(drawing == "somebody's drawing")
            // The directory where the image is may be spelled otherwise.
            #expect(try await run("{x}.png", lines, journal + ["--output-dir", "./images/"]).status == 0)
            let results = try String(contentsOfFile: fetch.scratch.path("results.jsonl"), encoding: .utf8)
            #expect(try Record.all(in: results).map(\.status) == ["downloaded", "failed", "downloaded"])
        }

        @Test func checkTellsOfNamesThatAreWantedTwiceAndOfFieldsThatAreMissing() async throws {
            let lines = [job(0, #""x":"cat""#), job(1, #""x":"cat""#), line(ids[2])]
            let manifest = try fetch.scratch.file("jobs.jsonl", lines.map { $0 + "\n" }.joined())
            let ended = try await fetch.run(arguments: ["check", "--name", "{x}.png", manifest])
            #expect(ended.status == 0, "\(ended)")
            #expect(
                ended.standardError.contains("no name of their own to 1 job; the first is that of line 2"), "\(ended)")
            #expect(ended.standardError.contains("no value for a placeholder, and puts _, for 1 job"), "\(ended)")
            #expect(fetch.scratch.files(in: "images") == [])
            let fine = try await fetch.run(arguments: ["check", "--name", "{line}/{job_id}", manifest])
            #expect(!fine.standardError.contains("--name"), "\(fine)")
        }

        @Test func fileThatNoRecordExplainsIsTakenOverIfItIsTheSame() async throws {
            let lines = [job(0, #""x":"cat""#), job(1, #""x":"dog""#)]
            #expect(try await run("{x}.png", lines).status == 0)
            _ = try fetch.scratch.file("images/dog.png", "somebody else's")
            let ended = try await run("{x}.png", lines)
            #expect(ended.status == 1, "\(ended)")
            let records = try ended.records()
            #expect(records.first { $0.number == 1 }?.status == "downloaded")
            #expect(records.first { $0.number == 2 }?.code == "name_taken")
            #expect(
                try String(contentsOfFile: fetch.scratch.path("images/dog.png"), encoding: .utf8) == "somebody else's")
            #expect(images == ["cat.png", "dog.png"])
        }

        // MARK: Carrying on

        @Test(arguments: ["{x}/{job_id}.png", "{x}/{line}.png"])
        func resumedRunAsksAgainOnlyForWhatIsNotWhereItWouldPutIt(template: String) async throws {
            let resume = ["--resume", "-r", "results.jsonl"]
            let lines = (0..<4).map { job($0, #""x":"c\#($0)""#) }
            #expect(try await run(template, lines, resume).status == 0)
            let before = try await fetch.simulator.statistics().requests
            #expect(try await run(template, lines, resume).status == 0)
            #expect(try await fetch.simulator.statistics().requests.poll == before.poll)
            // One is gone, one was cut, one lies behind a link, and one belongs elsewhere now.
            let all = images
            try FileManager.default.removeItem(atPath: fetch.scratch.path("images/\(all[0])"))
            try #require(truncate(fetch.scratch.path("images/\(all[1])"), 20) == 0)
            try FileManager.default.moveItem(
                atPath: fetch.scratch.path("images/c2"), toPath: fetch.scratch.path("moved"))
            try FileManager.default.createSymbolicLink(
                atPath: fetch.scratch.path("images/c2"), withDestinationPath: "../moved")
            let changed = lines.dropLast() + [job(3, #""x":"c9""#)]
            let ended = try await run(template, Array(changed), resume)
            #expect(ended.status == 1, "\(ended)")
            let text = try String(contentsOfFile: fetch.scratch.path("results.jsonl"), encoding: .utf8)
            let again = try Record.all(in: text).filter { $0.runs == 2 }
            #expect(again.map(\.number).sorted() == [1, 2, 3, 4])
            #expect(again.first { $0.number == 3 }?.code == "write_failed")
            for record in again where record.number != 3 { try await expectProven(record, in: fetch.scratch) }
            #expect(name(again.first { $0.number == 4 })?.hasPrefix("c9/") == true)
        }

        /// The journal has the output directory as it was typed then, which today may be another path, or none.
        @Test(arguments: ["{x}.png", "{job_id}.png"])
        func movedDirectoryIsKnownByItsImages(template: String) async throws {
            let journal = ["-r", "results.jsonl", "--resume"]
            let lines = (0..<2).map { job($0, #""x":"c\#($0)""#) }
            #expect(try await run(template, lines, journal).status == 0)
            let before = try await fetch.simulator.statistics().requests
            try FileManager.default.moveItem(atPath: fetch.scratch.path("images"), toPath: fetch.scratch.path("moved"))
            let ended = try await run(template, lines, journal + ["--output-dir", "moved"])
            #expect(ended.status == 0, "\(ended)")
            #expect(try await fetch.simulator.statistics().requests.poll == before.poll)
        }

        /// Each is there from the start, and empty.
        @Test(arguments: ["results.jsonl", "lock", "mine"])
        func noImageTakesThePlaceOfAFile(file: String) async throws {
            try FileManager.default.createDirectory(
                atPath: fetch.scratch.path("images"), withIntermediateDirectories: false)
            _ = try fetch.scratch.file("images/mine", "")
            let ended = try await run(
                "{x}", [job(0, #""x":"\#(file)""#)], ["-r", "images/results.jsonl", "--lock", "images/lock"])
            #expect(ended.status == 1, "\(ended)")
            let results = try String(contentsOfFile: fetch.scratch.path("images/results.jsonl"), encoding: .utf8)
            #expect(try Record.all(in: results).map(\.code) == ["name_taken"])
            for empty in ["lock", "mine"] {
                #expect(try Data(contentsOf: URL(filePath: fetch.scratch.path("images/\(empty)"))).isEmpty)
            }
        }

        @Test func journalGivesANameToTheJobThatItRecords() async throws {
            let resume = ["--resume", "-r", "results.jsonl"]
            #expect(try await run("{x}.png", [job(1, #""x":"cat""#)], resume).status == 0)
            // Its image is gone, and its line is the last: the name is still its own.
            try FileManager.default.removeItem(atPath: fetch.scratch.path("images/cat.png"))
            let ended = try await run("{x}.png", [job(0, #""x":"cat""#), job(1, #""x":"cat""#)], resume + ["-j", "1"])
            #expect(ended.status == 1, "\(ended)")
            let text = try String(contentsOfFile: fetch.scratch.path("results.jsonl"), encoding: .utf8)
            let records = try Record.all(in: text)
            #expect(records.count == 3)
            let taken = records.first { $0.code == "name_taken" }
            #expect(taken?.jobID == ids[0] && taken?.downloads == 0)
            #expect((taken?.object("error")["message"] as? String)?.contains(ids[1]) == true)
            #expect(records.last { $0.jobID == ids[1] }?.runs == 2)
        }

        @Test func shardsNameAsTheWholeDoes() async throws {
            let lines = (0..<4).map { job($0, #""x":"c""#) }
            for shard in ["1/2", "2/2"] {
                let ended = try await run("{x}/{line}.png", lines, ["--shard", shard])
                #expect(ended.status == 0, "\(ended)")
            }
            #expect(images == (1...4).map { "c/\($0).png" })
        }

        // MARK: Other commands

        @Test func verifyKnowsNamesOfAnyTemplate() async throws {
            let lines = (0..<3).map { job($0, #""x":"c\#($0)""#) }
            #expect(try await run("{x}/{job_id:4}/i.png", lines, ["-r", "results.jsonl"]).status == 0)
            #expect(try await fetch.run(arguments: ["verify", "results.jsonl"]).status == 0)
            try FileManager.default.moveItem(atPath: fetch.scratch.path("images"), toPath: fetch.scratch.path("moved"))
            #expect(try await fetch.run(arguments: ["verify", "--output-dir", "moved", "results.jsonl"]).status == 0)
            try FileManager.default.removeItem(atPath: fetch.scratch.path("moved/c1"))
            let ended = try await fetch.run(arguments: ["verify", "--output-dir", "moved", "results.jsonl"])
            #expect(ended.status == 1 && ended.standardOutput.contains("moved/c1/0000/i.png"), "\(ended)")
        }
    }
}
