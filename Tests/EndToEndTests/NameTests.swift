import Foundation
import Testing

extension EndToEnd {
    /// Images with names that a template makes.
    @Suite(.timeLimit(.minutes(5))) struct NameTests: NamesImages {
        let fetch: Fetch

        init() async throws {
            fetch = try Fetch(try await Simulator(scenario: "calm"))
        }

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

        @Test func shardsNameAsTheWholeDoes() async throws {
            let lines = (0..<4).map { job($0, #""x":"c""#) }
            for shard in ["1/2", "2/2"] {
                let ended = try await run("{x}/{line}.png", lines, ["--shard", shard])
                #expect(ended.status == 0, "\(ended)")
            }
            #expect(images == (1...4).map { "c/\($0).png" })
        }

        // MARK: Other commands

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
