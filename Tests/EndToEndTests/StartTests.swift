import Foundation
import Testing

extension EndToEnd {
    /// What is refused before the first request, and what a run leaves on its streams.
    @Suite(.timeLimit(.minutes(5))) struct StartTests {
        @Test(arguments: [
            ["--frobnicate"], ["-j", "0"], ["-j", "1025"], ["--poll-interval", "soon"], ["--rate", "10"],
            ["--max-image-size", "big"], ["--limit-rate", "0"], ["--limit-rate", "0MB"], ["--limit-rate", "10MB/s"],
            ["--limit-rate", "-1"], ["--limit-rate", "unlimited"], ["--durability", "some"], ["--window", "0"],
            ["--retries", "-1"],
            ["--poll-interval", "10s", "--max-poll-interval", "5s"],
        ]) func wrongFlagIsNamed(arguments: [String]) async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(arguments: arguments)
            #expect(ended.status == 64, "\(ended)")
            #expect(ended.standardError.contains(arguments[0]), "\(ended)")
            #expect(ended.standardOutput == "")
        }

        @Test func missingKeyTellsTheThreeWays() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(arguments: [], environment: [:])
            #expect(ended.status == 78, "\(ended)")
            for way in ["--api-key-file", "PICTORY_API_KEY", "CREDENTIALS_DIRECTORY", "scripts/demo"] {
                #expect(ended.standardError.contains(way), "\(ended)")
            }
            #expect(fetch.scratch.files(in: "images") == [])
        }

        @Test(arguments: [
            ("two\nlines", "a line break"), ("two words", "a space"), ("caf\u{E9}", "not ASCII"),
            ("bell\u{7}", "a control character"),
        ]) func keyThatIsNoneSaysWhyAndIsNotShown(key: String, reason: String) async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(arguments: [], environment: ["PICTORY_API_KEY": key])
            #expect(ended.status == 78, "\(ended)")
            #expect(ended.standardError.contains(reason), "\(ended)")
            #expect(!ended.standardError.contains(key), "\(ended)")
        }

        @Test func keyIsFoundInAllThreePlaces() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let keyFile = try fetch.scratch.file("pictory-api-key", "\(Simulator.key)\r\nsecond line\n")
            let base = ["--api-url", fetch.simulator.url, manifest]
            for (arguments, environment) in [
                (["--api-key-file", keyFile], [:]), ([], ["PICTORY_API_KEY": Simulator.key]),
                // A secret that was made from a file has that file's last line break.
                ([], ["PICTORY_API_KEY": "\(Simulator.key)\n"]), ([], ["PICTORY_API_KEY": " \t\(Simulator.key) \r\n"]),
                ([], ["CREDENTIALS_DIRECTORY": fetch.scratch.url.path]),
                // A file that is named goes before the environment.
                (["--api-key-file", keyFile], ["PICTORY_API_KEY": "wrong"]),
            ] {
                let ended = try await fetch.run(arguments: arguments + base, environment: environment)
                #expect(ended.status == 0, "\(arguments) \(environment) \(ended)")
            }
        }

        @Test func missingManifestIsFoundBeforeAnyRequest() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let ended = try await fetch.run(arguments: [manifest, "nowhere.jsonl"])
            #expect(ended.status == 66, "\(ended)")
            #expect(ended.standardError.contains("nowhere.jsonl"))
            #expect(try await fetch.simulator.statistics().requests.poll == 0)
        }

        @Test func existingResultsAreRefusedUnlessForced() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let results = try fetch.scratch.file("results.jsonl", "old\n")
            let refused = try await fetch.run(arguments: ["-r", results, manifest])
            #expect(refused.status == 73, "\(refused)")
            #expect(try String(contentsOfFile: results, encoding: .utf8) == "old\n")
            #expect(try await fetch.simulator.statistics().requests.poll == 0)
            // What else is wrong is found before the old results are thrown away.
            let wrong = try await fetch.run(arguments: ["-r", results, "--force", manifest, "--api-url", "ftp://x"])
            #expect(wrong.status == 78, "\(wrong)")
            #expect(try String(contentsOfFile: results, encoding: .utf8) == "old\n")
            let forced = try await fetch.run(arguments: ["-r", results, "--force", manifest])
            #expect(forced.status == 0, "\(forced)")
            #expect(forced.standardOutput == "")
            #expect(try Record.all(in: String(contentsOfFile: results, encoding: .utf8)).count == 1)
        }

        @Test func outputDirectoryThatIsAFileIsRefused() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let ended = try await fetch.run(arguments: ["-o", manifest, manifest])
            #expect(ended.status == 73, "\(ended)")
            #expect(try await fetch.simulator.statistics().requests.poll == 0)
        }

        @Test(arguments: ["ftp://host/", "api.pictory.ai", "http://api.pictory.ai/", "https://user@host/", ""])
        func badUrlIsAConfigurationFault(url: String) async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(arguments: ["--api-url", url])
            #expect(ended.status == 78, "\(ended)")
        }

        @Test func unreadableCAFileIsAConfigurationFault() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let empty = try fetch.scratch.file("ca.pem", "")
            for file in ["nowhere.pem", empty] {
                let ended = try await fetch.run(arguments: ["--ca-file", file])
                #expect(ended.status == 78, "\(ended)")
            }
        }

        @Test func goodRunSaysNothingAndBadRunSumsUp() async throws {
            let fetch = try Fetch(try await Simulator())
            let good = try await fetch.run([line(fixture(1))])
            #expect(good.status == 0)
            #expect(good.standardError == "")
            let bad = try await fetch.run([line(fixture(1)), line(fixture(4))])
            #expect(bad.status == 1)
            #expect(bad.standardError.contains("1 downloaded"), "\(bad)")
            #expect(bad.standardError.contains("1 failed"), "\(bad)")
            #expect(bad.standardError.contains("resubmit"), "\(bad)")
            let quiet = try await fetch.run([line(fixture(4))], ["--quiet"])
            #expect(quiet.status == 1)
            #expect(quiet.standardError == "")
        }

        @Test func verboseTellsEveryEndAndNeverTheKey() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await fetch.run([line(fixture(1)), line(fixture(0x15))], ["--verbose"])
            #expect(ended.status == 0)
            #expect(ended.standardError.contains("\(fixture(1)): downloaded"), "\(ended)")
            #expect(ended.standardError.contains("again in"), "\(ended)")
            #expect(!(ended.standardError + ended.standardOutput).contains(Simulator.key))
        }

        @Test func fullOutputIs74AndClosedPipeIs141() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let program = Programs.url("pictory-fetch").path
            for (redirection, status) in [("> /dev/full", 74), ("| true", 141)] {
                let script = try fetch.scratch.file(
                    "run.sh", "sleep 0.2 | true; { \(program) \(manifest); echo $? > status; } \(redirection)\n")
                // The reader is gone for certain when the first record comes: it never reads.
                _ = try await RunningProgram(
                    URL(fileURLWithPath: "/bin/sh"), [script], environment: fetch.simulator.environment,
                    in: fetch.scratch
                ).end()
                let text = try String(contentsOfFile: fetch.scratch.path("status"), encoding: .utf8)
                #expect(text == "\(status)\n", "\(redirection)")
            }
        }

        @Test(arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)] as [(Int32, Int32)])
        func signalLeavesARecordForEveryLineRead(signal: Int32, status: Int32) async throws {
            let fetch = try Fetch(try await Simulator())
            let lines = [line(fixture(1)), line(fixture(3)), line(fixture(3, picture: 1))]
            let manifest = try fetch.scratch.file("jobs.jsonl", lines.map { $0 + "\n" }.joined())
            let program = try fetch.start(["--poll-interval", "30s", manifest])
            try await program.wait { !$0.standardOutput.isEmpty }
            program.signal(signal)
            let ended = try await program.end()
            #expect(ended.status == status, "\(ended)")
            #expect(!ended.crashed)
            let records = try ended.records()
            #expect(records.count == 3)
            #expect(records.count { $0.code == "interrupted" } == 2)
        }

        @Test func requestsInFlightGetTheirGraceAndASecondSignalEndsAtOnce() async throws {
            let fetch = try Fetch(try await Simulator())
            let manifest = try fetch.scratch.file("jobs.jsonl", "\(line(fixture(0x22)))\n\(line(fixture(3)))\n")
            for signals in 1...2 {
                let program = try fetch.start(["--stall-timeout", "5m", "-o", "images\(signals)", manifest])
                try await program.wait { _ in fetch.scratch.files(in: "images\(signals)").count == 1 }
                program.signal(SIGTERM)
                try await program.wait { $0.standardOutput.contains(fixture(3)) }
                if signals == 2 {
                    program.signal(SIGTERM)
                }
                let ended = try await program.end()
                #expect(ended.status == 143, "\(ended)")
                #expect(!ended.crashed)
                // After the grace the download is given up and recorded; after a second signal it is not.
                #expect(try ended.records().count == (signals == 1 ? 2 : 1))
                #expect(fetch.scratch.files(in: "images1").isEmpty)
            }
        }

        @Test func idleStandardInputDoesNotHoldUpASignal() async throws {
            let fetch = try Fetch(try await Simulator())
            let input = Pipe()
            let program = try fetch.start([], input: input.fileHandleForReading)
            try input.fileHandleForWriting.write(contentsOf: Data("\(line(fixture(1)))\n".utf8))
            try await program.wait { !$0.standardOutput.isEmpty }
            program.signal(SIGINT)
            let ended = try await program.end()
            #expect(ended.status == 130, "\(ended)")
            try input.fileHandleForWriting.close()
        }

        @Test func userSignalPrintsALineAndTheRunGoesOn() async throws {
            let fetch = try Fetch(try await Simulator())
            let manifest = try fetch.scratch.file("jobs.jsonl", "\(line(fixture(1)))\n\(line(fixture(3)))\n")
            let program = try fetch.start(["--poll-interval", "30s", manifest])
            try await program.wait { !$0.standardOutput.isEmpty }
            for lines in 1...2 {
                program.signal(SIGUSR1)
                try await program.wait { $0.standardError.split(separator: "\n").count == lines }
            }
            program.signal(SIGTERM)
            let ended = try await program.end()
            #expect(ended.status == 143, "\(ended)")
            #expect(ended.standardError.hasPrefix("pictory-fetch: 1/2 done, 0 in flight, 1 waiting"), "\(ended)")
        }

        @Test func emptyEnvironmentAndNarrowMaskAreEnough() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let key = try fetch.scratch.file("key", Simulator.key)
            let manifest = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let program = Programs.url("pictory-fetch").path
            let script = try fetch.scratch.file(
                "run.sh",
                "umask 077; exec env -i \(program) --api-key-file \(key) --api-url \(fetch.simulator.url) \(manifest)\n"
            )
            let ended = try await tool("/bin/sh", [script], in: fetch.scratch)
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardError == "")
        }
    }
}
