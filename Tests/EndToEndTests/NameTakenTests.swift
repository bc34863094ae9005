import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Names of a template that another job, an earlier run or a file has already.
    @Suite(.timeLimit(.minutes(5))) struct NameTakenTests: NamesImages {
        let fetch: Fetch

        init() async throws {
            fetch = try Fetch(try await Simulator(scenario: "calm"))
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
    }
}
