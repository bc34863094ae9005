import Foundation
import Testing

extension EndToEnd {
    /// Settings from flags, variables and a file, and what `config` tells of them.
    @Suite(.timeLimit(.minutes(5))) struct ConfigurationTests {
        /// Of every setting a value that is not its default: as a flag, as a variable, in the file.
        struct Sample: Sendable {
            let name: String
            let text: String
            let json: String

            init(_ name: String, _ text: String, _ json: String? = nil) {
                self.name = name
                self.text = text
                self.json = json ?? "\"\(text)\""
            }

            var isBool: Bool { text == "true" }
            var flag: [String] { isBool ? ["--\(name)"] : ["--\(name)", text] }
            var variable: String {
                "PICTORY_FETCH_" + name.uppercased().replacing(#/[-.]/#, with: "_")
            }
        }

        static let samples = [
            Sample("output-dir", "pictures"), Sample("name", "{x}/{job_id}"),
            Sample("results", "r.jsonl"), Sample("resume", "true", "true"),
            Sample("force", "true", "true"), Sample("shard", "2/8"),
            Sample("trust-replies", "true", "true"), Sample("durability", "none"),
            Sample("max-image-size", "2MiB"),
            Sample("concurrency", "3", "3"), Sample("rate", "5/s"), Sample("limit-rate", "10MiB"),
            Sample("window", "70", "70"),
            Sample("poll-interval", "11s"), Sample("max-poll-interval", "31s"), Sample("max-wait", "1h30m"),
            Sample("once", "true", "true"), Sample("deadline", "3h"), Sample("retries", "0", "0"),
            Sample("retry-delay", "2s"), Sample("max-retry-delay", "61s"), Sample("tolerate", "0.5%"),
            Sample("api-key-file", "key"),
            Sample("api-url", "https://host.example/api"), Sample("allow-host", "*.example", "[\"*.example\"]"),
            Sample("allow-http", "true", "true"), Sample("http1.1", "true", "true"), Sample("ca-file", "ca.pem"),
            Sample("connect-timeout", "9s"),
            Sample("request-timeout", "8s"), Sample("stall-timeout", "7s"), Sample("quiet", "true", "true"),
            Sample("verbose", "true", "true"), Sample("progress", "never"),
            Sample("log-format", "json"), Sample("lock", "lock"), Sample("summary", "summary.json"),
            Sample("metrics", "fetch.prom"),
        ]

        /// A line that `config` prints.
        struct Line: Decodable, Equatable {
            let name: String
            let source: String
            let from: String?
        }

        private let scratch: Scratch
        private let key = ["PICTORY_API_KEY": "pictai_abcdefghijklmnopqrstuvwxyz"]

        init() throws {
            scratch = try Scratch()
            _ = try scratch.file("key", "pictai_0123456789012345678901")
            // Any certificate will do.
            let bundle = try String(contentsOfFile: "/etc/ssl/certs/ca-certificates.crt", encoding: .utf8)
            let end = try #require(bundle.range(of: "-----END CERTIFICATE-----\n"))
            _ = try scratch.file("ca.pem", String(bundle[..<end.upperBound]))
        }

        private func fetch(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Ended {
            try await RunningProgram(
                Programs.url("pictory-fetch"), arguments, environment: environment, input: .nullDevice, in: scratch
            ).end()
        }

        /// What `config` prints, by name: where it comes from, and the line.
        private func config(
            _ arguments: [String] = [], _ environment: [String: String]? = nil
        ) async throws -> [String: (line: Line, text: String)] {
            let ended = try await fetch(["config"] + arguments, environment ?? key)
            try #require(ended.status == 0, "\(arguments) \(ended)")
            #expect(ended.standardError == "")
            let lines = try ended.standardOutput.split(separator: "\n").map {
                (line: try JSONDecoder().decode(Line.self, from: Data($0.utf8)), text: String($0))
            }
            return Dictionary(uniqueKeysWithValues: lines.map { ($0.line.name, $0) })
        }

        @Test func everyFlagOfTheHelpTextIsASettingOrIsExempt() async throws {
            let help = try await fetch(["run", "--help"]).standardOutput
            let flags = help.matches(of: #/(?m)^  (?:-., )?--([a-z0-9.-]+)/#).map { String($0.1) }
            let exempt: Set = ["config", "help", "version"]
            let settings = try await config().keys
            #expect(Set(flags).subtracting(exempt) == Set(settings).subtracting(["api-key"]))
            #expect(exempt.isSubset(of: Set(flags).union(["help"])))
            #expect(Set(settings).subtracting(["api-key"]) == Set(Self.samples.map(\.name)))
        }

        @Test(arguments: samples) func everySettingCanBeGivenInEveryPlace(sample: Sample) async throws {
            // Resuming needs a file, and what it resumes is not replaced.
            let companion = sample.name == "resume" ? ["-r", "other.jsonl"] : []
            let path = try scratch.file("settings.json", "{\"\(sample.name)\": \(sample.json)}")
            let value = "\"value\":\(sample.json),"
            let standard = try #require(try await config()[sample.name])
            #expect(standard.line == Line(name: sample.name, source: "default", from: nil))
            #expect(!standard.text.contains(value))
            let environment = key.merging([sample.variable: sample.text]) { $1 }
            for (arguments, variables, source, from) in [
                (sample.flag, key, "flag", "--\(sample.name)"), ([], environment, "environment", sample.variable),
                (["--config", path], key, "file", path),
            ] {
                let given = try #require(try await config(arguments + companion, variables)[sample.name])
                #expect(given.line == Line(name: sample.name, source: source, from: from))
                #expect(given.text.contains(value), "\(given.text)")
            }
        }

        @Test func flagGoesBeforeVariableBeforeFileBeforeDefault() async throws {
            let path = try scratch.file("settings.json", #"{"retries": 1, "once": true, "allow-host": ["a.example"]}"#)
            let file = ["PICTORY_FETCH_CONFIG": path].merging(key) { $1 }
            let both = file.merging([
                "PICTORY_FETCH_RETRIES": "2", "PICTORY_FETCH_ONCE": "0",
                "PICTORY_FETCH_ALLOW_HOST": "b.example, c.example",
                // Empty is not set.
                "PICTORY_FETCH_WINDOW": "",
            ]) { $1 }
            let none = try await config()
            #expect(none["retries"]?.text == #"{"name":"retries","value":4,"source":"default"}"#)
            let low = try await config([], file)
            #expect(low["retries"]?.text == #"{"name":"retries","value":1,"source":"file","from":"\#(path)"}"#)
            let middle = try await config([], both)
            #expect(
                middle["retries"]?.text
                    == #"{"name":"retries","value":2,"source":"environment","from":"PICTORY_FETCH_RETRIES"}"#)
            #expect(middle["once"]?.text.contains(#""value":false,"source":"environment""#) == true)
            #expect(middle["allow-host"]?.text.contains(#"["b.example","c.example"]"#) == true)
            #expect(middle["window"]?.line.source == "default")
            let high = try await config(["--retries", "3", "--once", "--allow-host", "d.example"], both)
            #expect(high["retries"]?.text == #"{"name":"retries","value":3,"source":"flag","from":"--retries"}"#)
            #expect(high["once"]?.text.contains(#""value":true,"source":"flag""#) == true)
            #expect(high["allow-host"]?.text.contains(#"["d.example"]"#) == true)
            let opposite = try await config(["--no-once"], file)
            #expect(opposite["once"]?.text.contains(#""value":false,"source":"flag""#) == true)
        }

        @Test func apiURLMayStandInTheVariableThatIsCommonToPictoryPrograms() async throws {
            let common = key.merging(["PICTORY_API_BASE_URL": "https://a.example"]) { $1 }
            #expect(try await config([], common)["api-url"]?.line.from == "PICTORY_API_BASE_URL")
            let own = common.merging(["PICTORY_FETCH_API_URL": "https://b.example"]) { $1 }
            #expect(try await config([], own)["api-url"]?.line.from == "PICTORY_FETCH_API_URL")
        }

        @Test func onePollIntervalAloneMovesTheOtherAlong() async throws {
            #expect(try await config(["--poll-interval", "1m"])["max-poll-interval"]?.text.contains("\"1m\"") == true)
            #expect(try await config(["--max-poll-interval", "3s"])["poll-interval"]?.text.contains("\"3s\"") == true)
        }

        @Test func keyIsTracedAndNoMoreThanItsEndIsShown() async throws {
            let named = try scratch.file("settings.json", #"{"api-key-file": "key"}"#)
            _ = try scratch.file("pictory-api-key", "short")
            let credentials = ["CREDENTIALS_DIRECTORY": scratch.url.path]
            for (arguments, environment, line) in [
                ([], key, #""value":"…wxyz","source":"environment","from":"PICTORY_API_KEY""#),
                (["--api-key-file", "key"], key, #""value":"…8901","source":"file","from":"key""#),
                ([], key.merging(["PICTORY_FETCH_API_KEY_FILE": "key"]) { $1 }, #""source":"file","from":"key""#),
                // The environment goes before the file of settings.
                (["--config", named], key, #""source":"environment","from":"PICTORY_API_KEY""#),
                (["--config", named], credentials, #""source":"file","from":"key""#),
                (
                    [], credentials,
                    #""value":"set","source":"credentials","from":"\#(scratch.url.path)/pictory-api-key""#
                ),
            ] {
                let shown = try #require(try await config(arguments, environment)["api-key"])
                #expect(shown.text == #"{"name":"api-key",\#(line)}"# || shown.text.hasSuffix("\(line)}"), "\(shown)")
                #expect(!shown.text.contains("pictai_") && !shown.text.contains("short"))
            }
            #expect(try await fetch(["config"]).status == 78)
        }

        @Test func whatConfigPrintsMakesAFileOfTheSameSettings() async throws {
            let flags = Self.samples.filter { $0.name != "force" }.flatMap(\.flag)
            let first = try await config(flags, key)
            let script = try scratch.file(
                "keep.sh",
                """
                "$@" | jq -s 'map(select(.source != "default" and .name != "api-key") | {(.name): .value}) | add' \
                    >settings.json
                """)
            _ = try await RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), [script, Programs.url("pictory-fetch").path, "config"] + flags,
                environment: key.merging(["PATH": "/usr/bin:/bin"]) { $1 }, input: .nullDevice, in: scratch
            ).end()
            let second = try await config(["--config", "settings.json"], key)
            for sample in Self.samples where sample.name != "force" {
                #expect(second[sample.name]?.line.source == "file")
                let value = "\"value\":\(sample.json),"
                #expect(first[sample.name]?.text.contains(value) == true)
                #expect(second[sample.name]?.text.contains(value) == true)
            }
        }

        @Test func runObeysFileAndVariables() async throws {
            let fetch = try Fetch(try await Simulator())
            let path = try fetch.scratch.file(
                "settings.json",
                """
                {"output-dir": "pictures", "results": "-", "once": true, "concurrency": 2, "max-image-size": 4194304,
                 "retry-delay": "20ms", "allow-host": ["127.0.0.1"], "quiet": true}
                """)
            let manifest = try fetch.scratch.file("jobs.jsonl", "\(line(fixture(1)))\n\(line(fixture(3)))\n")
            let environment = fetch.simulator.environment.merging([
                "PICTORY_FETCH_CONFIG": path, "PICTORY_FETCH_OUTPUT_DIR": "photographs",
            ]) { $1 }
            let ended = try await fetch.run(arguments: [manifest], environment: environment)
            #expect(ended.status == 75, "\(ended)")
            #expect(ended.standardError == "")
            let records = try ended.records()
            #expect(records.first { $0.jobID == fixture(3) }?.polls == 1)
            #expect(fetch.scratch.files(in: "photographs") == ["\(fixture(1)).png"])
            #expect(fetch.scratch.files(in: "pictures") == [])
        }

        @Test func configAsksNothingAndCreatesNothing() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await fetch.run(arguments: ["config", "-o", "new", "-r", "r.jsonl", "nowhere.jsonl"])
            #expect(ended.status == 0, "\(ended)")
            #expect(fetch.scratch.files(in: "").allSatisfy { $0.hasSuffix(".out") || $0.hasSuffix(".err") })
            #expect(try await fetch.simulator.statistics().requests.poll == 0)
            for (arguments, status) in [(["--api-url", "ftp://x"], 78), (["--ca-file", "nowhere"], 78)]
                as [([String], Int32)]
            {
                #expect(try await fetch.run(arguments: ["config"] + arguments).status == status)
            }
        }

        @Test func outputOfConfigThatIsFullOrClosedIsTold() async throws {
            let program = Programs.url("pictory-fetch").path
            for (redirection, status) in [("> /dev/full", 74), ("| true", 141), (">&-", 74)] {
                let script = try scratch.file(
                    "run.sh", "{ sleep 0.2; \(program) config; echo $? >status; } \(redirection)\n")
                _ = try await RunningProgram(
                    URL(fileURLWithPath: "/bin/sh"), [script], environment: key, input: .nullDevice, in: scratch
                ).end()
                let text = try String(contentsOfFile: scratch.path("status"), encoding: .utf8)
                #expect(text == "\(status)\n", "\(redirection)")
            }
        }
    }
}
