import Foundation
import Testing

extension EndToEnd {
    /// What is wrong with settings is found before a run starts, and named.
    @Suite(.timeLimit(.minutes(5))) struct ConfigurationFaultTests {
        private let scratch: Scratch
        private let key = ["PICTORY_API_KEY": "pictai_abcdefghijklmnopqrstuvwxyz"]

        init() throws {
            scratch = try Scratch()
        }

        private func fetch(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Ended {
            try await RunningProgram(
                Programs.url("pictory-fetch"), arguments, environment: environment, input: .nullDevice, in: scratch
            ).end()
        }

        @Test(arguments: [
            (#"{"poll_interval": "5s"}"#, ["poll_interval", "poll-interval is"]),
            (#"{"frobnicate": 1}"#, ["frobnicate"]), (#"{"no-once": true}"#, ["no-once"]),
            (#"{"config": "x"}"#, ["config"]), (#"{"help": true}"#, ["help"]), (#"{"version": 1}"#, ["version"]),
            (#"{"manifests": ["jobs.jsonl"]}"#, ["manifests", "command line"]),
            (#"{"concurrency": 0}"#, ["concurrency", "1 to 1024"]), (#"{"concurrency": "8"}"#, ["a whole number"]),
            (#"{"concurrency": 1.5}"#, ["concurrency"]), (#"{"once": "true"}"#, ["once", "true or false"]),
            (#"{"once": null}"#, ["once"]), (#"{"poll-interval": 5}"#, ["poll-interval", "10s"]),
            (#"{"max-image-size": -1}"#, ["max-image-size", "64MiB"]), (#"{"rate": "fast"}"#, ["rate", "300/m"]),
            (#"{"limit-rate": 0}"#, ["limit-rate", "10MB"]),
            (#"{"durability": "some"}"#, ["durability", "full, none"]), (#"{"allow-host": "a"}"#, ["allow-host"]),
            (#"{"allow-host": [1]}"#, ["allow-host"]), (#"{"output-dir": 7}"#, ["output-dir"]),
            (#"{"once": true, "retries": 1, "once": true}"#, ["\"once\" twice"]),
            ("{\"once\": true,\n  \"retries\" 1}", ["line 2, column 13", "byte offset 27"]),
            ("", ["JSON"]), ("[]", ["object"]), ("once = true", ["line 1, column 1 "]),
            (String(repeating: " ", count: 65536) + "{}", ["larger than 65536 bytes"]),
        ]) func faultOfTheFileIsNamed(text: String, says: [String]) async throws {
            let path = try scratch.file("settings.json", text)
            for command in [["run"], ["config"]] {
                let ended = try await fetch(command + ["--config", path], key)
                #expect(ended.status == 78, "\(ended)")
                for part in [path] + says {
                    #expect(ended.standardError.contains(part), "\(part): \(ended)")
                }
                #expect(ended.standardOutput == "")
            }
        }

        @Test func wrongValueIsRefusedEvenWhereAnotherGoesBeforeIt() async throws {
            let path = try scratch.file("settings.json", #"{"retries": "many"}"#)
            #expect(try await fetch(["config", "--config", path, "--retries", "1"], key).status == 78)
        }

        @Test func fileThatCannotBeReadIsNamed() async throws {
            for path in ["nowhere.json", scratch.url.path] {
                let ended = try await fetch(["--config", path], key)
                #expect(ended.status == 78)
                #expect(ended.standardError.contains(path), "\(ended)")
            }
        }

        @Test(arguments: [
            ("PICTORY_FETCH_CONCURENCY", "8", "see pictory-fetch --help"),
            ("PICTORY_FETCH_POLLINTERVAL", "8s", "PICTORY_FETCH_POLL_INTERVAL is"),
            ("PICTORY_FETCH_HELP", "1", "no setting"), ("PICTORY_FETCH_", "1", "no setting"),
            ("PICTORY_FETCH_RETRIES", "-1", "at least 0"), ("PICTORY_FETCH_ONCE", "yes", "true or false"),
            ("PICTORY_FETCH_ALLOW_HOST", "a.example,", "commas"),
            ("PICTORY_FETCH_PROGRESS", "on", "auto, always, never"),
        ]) func faultOfAVariableIsNamed(variable: String, value: String, says: String) async throws {
            let ended = try await fetch([], key.merging([variable: value]) { $1 })
            #expect(ended.status == 78, "\(ended)")
            #expect(ended.standardError.contains(variable), "\(ended)")
            #expect(ended.standardError.contains(says), "\(ended)")
        }

        @Test func keyIsTakenNeitherFromTheFileNorFromAVariableOfASetting() async throws {
            for name in ["api-key", "api_key", "apiKey", "key", "pictory-api-key", "PICTORY_API_KEY", "token"] {
                let path = try scratch.file("settings.json", "{\"\(name)\": \"pictai_secret\"}")
                let variable = "PICTORY_FETCH_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
                for ended in [
                    try await fetch(["--config", path], key),
                    try await fetch([], key.merging([variable: "pictai_secret"]) { $1 }),
                ] {
                    #expect(ended.status == 78, "\(ended)")
                    for way in ["--api-key-file", "PICTORY_API_KEY", "CREDENTIALS_DIRECTORY"] {
                        #expect(ended.standardError.contains(way), "\(ended)")
                    }
                    #expect(!ended.standardError.contains("pictai_secret"))
                }
            }
            // The key where its file should be named is not repeated either.
            let ended = try await fetch(["--api-key-file", "pictai_secret"])
            #expect(ended.status == 78)
            #expect(!ended.standardError.contains("pictai_secret"), "\(ended)")
        }

        @Test func valuesThatDoNotGoTogetherAreTheFaultOfWhereTheyStand() async throws {
            let path = try scratch.file("settings.json", #"{"poll-interval": "1m", "force": true}"#)
            let pairs: [([String], [String: String], Int32, [String])] = [
                (["--poll-interval", "10s", "--max-poll-interval", "5s"], [:], 64, ["--max-poll-interval (5s)"]),
                (["--retry-delay", "2m"], [:], 64, ["--max-retry-delay (1m)", "--retry-delay (2m)"]),
                (["--config", path, "--max-poll-interval", "5s"], [:], 78, ["\"poll-interval\" in \(path)", "5s"]),
                (["--resume"], [:], 64, ["--resume", "--results"]),
                ([], ["PICTORY_FETCH_RESUME": "true"], 78, ["PICTORY_FETCH_RESUME"]),
                (["--config", path, "--resume", "-r", "r.jsonl"], [:], 78, ["\"force\" in \(path)", "--resume"]),
                (["-j", "0"], [:], 64, ["--concurrency"]),
            ]
            for (arguments, environment, status, says) in pairs {
                for command in ["run", "config"] {
                    let ended = try await fetch([command] + arguments, key.merging(environment) { $1 })
                    #expect(ended.status == status, "\(arguments) \(ended)")
                    for part in says {
                        #expect(ended.standardError.contains(part), "\(part): \(ended)")
                    }
                }
            }
            // What is made whole by another place is no fault.
            let whole = try await fetch(
                ["config", "--resume"], key.merging(["PICTORY_FETCH_RESULTS": "r.jsonl"]) { $1 })
            #expect(whole.status == 0, "\(whole)")
        }
    }
}
