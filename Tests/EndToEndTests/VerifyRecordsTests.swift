import Foundation
import Testing

extension EndToEnd {
    /// Which records images are compared with, where both are looked for, and where faults are told.
    @Suite(.timeLimit(.minutes(5))) struct VerifyRecordsTests: VerifiesImages {
        let fetch: Fetch

        init() async throws {
            fetch = try await Self.fourImages()
        }

        @Test func lastRecordOfAJobCounts() async throws {
            let first = try results()
            try FileManager.default.removeItem(atPath: image)
            // A later record says that there is no image, in the same file or in one that is read after it.
            let id = ids[1]
            let failed =
                #"{"v":1,"job_id":"\#(id)","status":"failed","manifest":"-","line":1,"#
                + #""error":{"stage":"poll","code":"job_failed","message":"x"},"retry":{"action":"resubmit","reason":"y"},"#
                + #""polls":1,"downloads":0,"first_seen":"2026-11-23T16:39:22.751Z","#
                + #""finished_at":"2026-11-23T16:39:22.835Z","runs":2}"#
            _ = try fetch.scratch.file("more.jsonl", failed + "\n")
            #expect(try await verify(["results.jsonl", "more.jsonl"]).status == 0)
            #expect(try onlyFault(await verify(["more.jsonl", "results.jsonl"])) == "missing")
            _ = try fetch.scratch.file("results.jsonl", (first + [failed]).joined(separator: "\n") + "\n")
            #expect(try await verify().status == 0)
            // And a record after that tells of an image again.
            let again = try #require(first.first { $0.contains("\"job_id\":\"\(id)\"") })
            _ = try fetch.scratch.file("results.jsonl", (first + [failed, again]).joined(separator: "\n") + "\n")
            #expect(try onlyFault(await verify()) == "missing")
        }

        @Test func recordsMayComeFromStandardInput() async throws {
            try FileManager.default.removeItem(atPath: image)
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: fetch.scratch.path("results.jsonl")))
            let ended = try await verify(["-"], input: file)
            #expect(ended.status == 1, "\(ended)")
            #expect(ended.standardOutput.contains("\"results\":\"-\""), "\(ended)")
            #expect(try await verify(["-"]).status == 0)
        }

        @Test func imagesMayLieElsewhere() async throws {
            try FileManager.default.moveItem(
                atPath: fetch.scratch.path("images"), toPath: fetch.scratch.path("archive"))
            #expect(try told(await verify()).count == 4)
            #expect(try await verify(["-o", "archive", "results.jsonl"]).status == 0)
            try FileManager.default.removeItem(atPath: fetch.scratch.path("archive/\(ids[1]).png"))
            let ended = try await verify(["-o", "archive/", "results.jsonl"])
            #expect(try onlyFault(ended, path: "archive/\(ids[1]).png") == "missing")
        }

        @Test func whatCannotBeReadAsRecordsIsRefused() async throws {
            let first = try #require(try results().first { $0.contains("sha256") })
            let damaged = first.replacingOccurrences(of: "\"sha256\":\"", with: "\"sha256\":\"X")
            for (text, says) in [
                ("nonsense\n\(first)\n", "line 1"), ("\(first)\n\n{}\n", "line 3"),
                ("\(first)\n\(damaged)\n", "line 2"),
                ("\(line(ids[0]))\n", "line 1"),
            ] {
                _ = try fetch.scratch.file("other.jsonl", text)
                let ended = try await verify(["results.jsonl", "other.jsonl"])
                #expect(ended.status == 66, "\(ended)")
                #expect(ended.standardError.contains("other.jsonl") && ended.standardError.contains(says), "\(ended)")
                #expect(ended.standardOutput == "")
            }
            for path in ["nowhere.jsonl", "images"] {
                let ended = try await verify([path])
                #expect(ended.status == 66, "\(ended)")
                #expect(ended.standardError.contains(path), "\(ended)")
            }
            // What a killed run has left of its last record is passed over, as --resume does.
            _ = try fetch.scratch.file("other.jsonl", "\(first)\n\(first.dropLast(9))")
            #expect(try await verify(["other.jsonl"]).status == 0)
            #expect(try await verify([]).status == 64)
            #expect(try await verify(["-j", "0", "results.jsonl"]).status == 64)
        }

        @Test func quietTellsFaultsOnStandardOutputAlone() async throws {
            try FileManager.default.removeItem(atPath: image)
            let ended = try await verify(["-q", "results.jsonl"])
            #expect(ended.status == 1)
            #expect(try told(ended).count == 1)
            #expect(ended.standardError == "")
        }

        @Test func outputThatIsFullOrClosedIsTold() async throws {
            try FileManager.default.removeItem(atPath: image)
            let program = Programs.url("pictory-fetch").path
            for (redirection, status) in [("> /dev/full", 74), ("| true", 141), (">&-", 74)] {
                let script = try fetch.scratch.file(
                    "run.sh", "{ sleep 0.2; \(program) verify results.jsonl; echo $? >status; } \(redirection)\n")
                _ = try await tool("/bin/sh", [script], in: fetch.scratch)
                let text = try String(contentsOfFile: fetch.scratch.path("status"), encoding: .utf8)
                #expect(text == "\(status)\n", "\(redirection)")
            }
        }

        @Test func terminalSeesTheCountAlsoWhenAllIsWell() async throws {
            let command = "\(Programs.url("pictory-fetch").path) verify --deep results.jsonl"
            let ended = try await RunningProgram(
                URL(fileURLWithPath: "/usr/bin/script"), ["-qec", command, "/dev/null"],
                environment: ["TERM": "xterm", "SHELL": "/bin/sh"], input: .nullDevice, in: fetch.scratch
            ).end()
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardOutput.contains("4 images verified, 0 wrong"), "\(ended)")
        }
    }
}
