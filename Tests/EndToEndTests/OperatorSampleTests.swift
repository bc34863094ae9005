import Foundation
import Testing

extension EndToEnd {
    /// What samples/operators holds works with the program as it is.
    @Suite(.timeLimit(.minutes(5))) struct OperatorSampleTests {
        private static let samples = Programs.repository.appendingPathComponent("samples/operators")
        private let fetch: Fetch

        init() async throws {
            fetch = try Fetch(try await Simulator())
        }

        private static func sample(_ name: String) throws -> String {
            try String(contentsOf: samples.appendingPathComponent(name), encoding: .utf8)
        }

        /// Whether a program that a test cannot do without is there.
        private static func has(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

        private func text(_ name: String) throws -> String {
            try String(contentsOfFile: fetch.scratch.path(name), encoding: .utf8)
        }

        private func shell(_ command: String) async throws -> Ended {
            let path = "\(fetch.scratch.path("bin")):\(Programs.directory.path):/usr/local/bin:/usr/bin:/bin"
            return try await RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), ["-c", command],
                environment: fetch.simulator.environment.merging(["PATH": path]) { $1 }, in: fetch.scratch
            ).end()
        }

        /// Runs the script on a day of November with these files of new jobs.
        private func night(_ day: Int, new: [String], _ flags: [String] = []) async throws -> Ended {
            let bin = fetch.scratch.url.appendingPathComponent("bin")
            let incoming = fetch.scratch.url.appendingPathComponent("srv/incoming")
            for folder in [bin, incoming] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            let date = try fetch.scratch.file("bin/date", "#!/bin/sh\necho 2026-11-0\(day)\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: date)
            for (index, text) in new.enumerated() {
                _ = try fetch.scratch.file("srv/incoming/jobs-\(index).jsonl", text)
            }
            let script = Self.samples.appendingPathComponent("nightly").path
            return try await shell(([script, "srv"] + Fetch.fast + flags).joined(separator: " "))
        }

        private func ids(_ name: String) throws -> [String] {
            try text(name).split(separator: "\n").map { try Record(String($0)).jobID ?? "" }.sorted()
        }

        @Test func nightlyCarriesOverWhatIsUnfinishedAndNothingElse() async throws {
            let slow = "{\"job_id\":\"\(fixture(2))\",\"n\":12345678901234567890}"
            let first = try await night(
                1, new: ["\u{FEFF}\(line(fixture(1)))\n\(slow)", "\u{FEFF}\(line(fixture(4)))\n\(line(fixture(5)))\n"],
                ["--once"])
            #expect(first.status == 75, "\(first)")
            #expect(try ids("srv/nights/2026-11-01/resubmit.jsonl") == [fixture(4)])
            #expect(try ids("srv/nights/2026-11-01/fix.jsonl") == [fixture(5)])
            #expect(fetch.scratch.files(in: "srv/incoming") == [])
            let page = try await ReadPage("srv/nights/2026-11-01/report.html", in: fetch.scratch)
            #expect(page.has("1 of 4 images are there") && !page.has("each night"), "\(page.texts)")
            #expect(page.settings.contains("\"imageBase\": \"../../\""), "\(page.settings)")

            let second = try await night(2, new: [line(fixture(1, picture: 1))])
            #expect(second.status == 0, "\(second)")
            let records = try Record.all(in: text("srv/nights/2026-11-02/results.jsonl"))
            #expect(records.compactMap(\.jobID).sorted() == [fixture(2), fixture(1, picture: 1)].sorted())
            let carried = try #require(records.first { $0.jobID == fixture(2) })
            #expect(carried.runs == 2)
            #expect(carried.line.contains("12345678901234567890"), "\(carried.line)")
            #expect(try ids("srv/nights/2026-11-02/fix.jsonl") == [])

            let secondPage = try await ReadPage("srv/nights/2026-11-02/report.html", in: fetch.scratch)
            #expect(secondPage.has("Images each night"), "\(secondPage.texts)")

            let third = try await night(3, new: [])
            #expect(third.status == 0, "\(third)")
            #expect(try text("srv/nights/2026-11-03/jobs.jsonl") == "")
            #expect(third.standardOutput + third.standardError + second.standardError == "")
            let images = try await fetch.simulator.statistics().imagesPerJob
            #expect(images.values.allSatisfy { $0 == 1 }, "\(images)")
            #expect(images.count == 3)
        }

        @Test func nightlyGoesOnFromWhereItWasKilled() async throws {
            let lines = (0..<3).map { line(fixture(1, picture: $0)) }
            let whole = try await night(1, new: [lines.map { $0 + "\n" }.joined()])
            #expect(whole.status == 0, "\(whole)")
            // One record is torn, and one was never written.
            let results = "srv/nights/2026-11-01/results.jsonl"
            let records = try text(results).split(separator: "\n").map(String.init)
            _ = try fetch.scratch.file(results, records[0] + "\n" + records[1].prefix(40))
            // The next manifest was being made: its files had been moved already.
            try FileManager.default.createDirectory(
                atPath: fetch.scratch.path("srv/nights/next/new"), withIntermediateDirectories: true)
            let new = line(fixture(1, picture: 3))
            _ = try fetch.scratch.file("srv/nights/next/new/moved.jsonl", new)
            _ = try fetch.scratch.file("srv/nights/next/jobs.jsonl", String(new.prefix(20)))
            let next = try await night(2, new: [])
            #expect(next.status == 0, "\(next)")
            let done = try records.dropFirst().map { try #require(try Record($0).jobID) }
            #expect(try ids("srv/nights/2026-11-02/results.jsonl") == (done + [fixture(1, picture: 3)]).sorted())
        }

        @Test func nightlyStartedTwiceOnADayDoesWhatIsLeft() async throws {
            let first = try await night(1, new: ["\(line(fixture(1)))\n\(line(fixture(2)))\n"], ["--once"])
            #expect(first.status == 75, "\(first)")
            let again = try await night(1, new: [line(fixture(1, picture: 1))])
            #expect(again.status == 0, "\(again)")
            #expect(try Record.all(in: text("srv/nights/2026-11-01/results.jsonl")).count == 3)
            // Its totals are of the whole night, for the pages of later ones.
            let totals = try text("srv/nights/2026-11-01/history.json")
            #expect(totals.contains(#""downloaded":2"#) && !totals.contains(#""pending":1"#), "\(totals)")
            // New jobs wait for the next night.
            #expect(fetch.scratch.files(in: "srv/incoming") == ["jobs-0.jsonl"])
        }

        @Test func nightlyStartedWhileAnotherRunsDoesNothing() async throws {
            _ = try await night(1, new: [])
            let held = try await shell(
                "exec flock srv/run.lock '\(Self.samples.appendingPathComponent("nightly").path)' srv")
            #expect(held.status == 75, "\(held)")
            #expect(held.standardError.contains("another run holds the lock"), "\(held)")
        }

        @Test(.enabled(if: has("/usr/bin/shellcheck"), "shellcheck is missing: the script was NOT checked"))
        func nightlyPassesShellcheck() async throws {
            let path = Self.samples.appendingPathComponent("nightly").path
            let ended = try await tool("/usr/bin/shellcheck", [path], in: fetch.scratch)
            #expect(ended.status == 0, "\(ended)")
        }

        @Test func everyFlagInTheSamplesExists() async throws {
            let help =
                try await fetch.run(arguments: ["run", "--help"]).standardOutput
                + fetch.run(arguments: ["report", "--help"]).standardOutput
            let flag = /(?:^|[ \[])(--[a-z][a-z0-9-]+(?:\.[0-9]+)*)/
            let known = Set(help.matches(of: flag).map { String($0.1) })
            #expect(known.contains("--resume"))
            // Flags of other programs.
            let foreign: Set = ["--system", "--group", "--now", "--nonblock", "--failed"]
            for name in ["nightly", "crontab", "pictory-fetch.service", "logrotate", "alerts.yml"] {
                let text = try Self.sample(name)
                for match in text.matches(of: /--[a-z][a-z0-9-]+(?:\.[0-9]+)*/)
                where !foreign.contains(String(match.output)) {
                    #expect(known.contains(String(match.output)), "\(name): \(match.output)")
                }
                for match in text.matches(of: /PICTORY_FETCH_([A-Z_]+)/) {
                    let flag = "--" + match.1.lowercased().replacingOccurrences(of: "_", with: "-")
                    #expect(known.contains(flag), "\(name): \(match.0)")
                }
            }
        }

        /// As cron does it: `\%` is a percent sign, and a bare one would end the command.
        @Test func crontabLinesRunAndLeaveEveryMetricThatAlertsName() async throws {
            let yesterday = try await shell("date -d yesterday +%F").standardOutput.dropLast()
            _ = try fetch.scratch.file("jobs-\(yesterday).jsonl", line(fixture(1)))
            _ = try fetch.scratch.file("key", Simulator.key)
            let lines = try Self.sample("crontab").split(separator: "\n").filter { $0.first?.isNumber == true }
            #expect(lines.count == 2)
            for line in lines {
                #expect(!line.replacingOccurrences(of: "\\%", with: "").contains("%"), "\(line)")
                let command = line.split(separator: " ", maxSplits: 5)[5].replacingOccurrences(of: "\\%", with: "%")
                    .replacingOccurrences(of: "/srv/pictory", with: fetch.scratch.url.path)
                    .replacingOccurrences(of: "/var/lib/prometheus/node-exporter", with: fetch.scratch.url.path)
                let ended = try await shell(command)
                #expect(ended.status == 0, "\(ended)")
                #expect(ended.standardOutput + ended.standardError == "", "\(ended)")
            }
            #expect(try Record.all(in: text("results-\(yesterday).jsonl")).count == 1)
            #expect(try text("summary.json").contains("\"exit_status\":0"))
            let metrics = try text("pictory-fetch.prom")
            for match in try Self.sample("alerts.yml").matches(of: /pictory_fetch_[a-z_]+/) {
                #expect(metrics.contains("\(match.output){"), "\(match.output)")
            }
        }

        @Test(.enabled(if: has("/usr/bin/systemd-analyze"), "systemd is missing: its units were NOT verified"))
        func unitsAreVerified() async throws {
            let script = Self.samples.appendingPathComponent("nightly").path
            let service = try Self.sample("pictory-fetch.service")
                .replacingOccurrences(of: "=pictory-fetch-nightly", with: "=\(script)")
            let units = [
                try fetch.scratch.file("pictory-fetch.service", service),
                try fetch.scratch.file("pictory-fetch.timer", Self.sample("pictory-fetch.timer")),
            ]
            let ended = try await tool("/usr/bin/systemd-analyze", ["verify", "--man=no"] + units, in: fetch.scratch)
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardError == "", "\(ended)")
        }

        @Test(.enabled(if: has("/usr/sbin/logrotate"), "logrotate is missing: its rules were NOT tried"))
        func logrotateTakesOldResultsWholeAndLeavesNewOnes() async throws {
            let place = fetch.scratch.url.path
            let owner = try await shell("echo $(id -un) $(id -gn)").standardOutput.dropLast()
            let rules = try Self.sample("logrotate")
                .replacingOccurrences(of: "/srv/pictory/", with: "\(place)/")
                .replacingOccurrences(of: "/var/lib/pictory-fetch/", with: "\(place)/")
                .replacingOccurrences(of: "/var/log/pictory-fetch/", with: "\(place)/")
                .replacingOccurrences(of: "su pictory-fetch pictory-fetch", with: "su \(owner)")
            let ended = try await shell(
                """
                set -e
                cat >rules <<'END'
                \(rules)
                END
                chmod 755 .; chmod 644 rules
                mkdir -p nights/old nights/new
                for name in results-old results-new nights/old/results nights/new/results; do
                    echo '{}' >$name.jsonl
                    echo "\\"\(place)/$name.jsonl\\" 2020-1-1-0:0:0" >>entries
                done
                touch -d '20 days ago' results-old.jsonl nights/old/results.jsonl
                { echo 'logrotate state -- version 2'; cat entries; } >state
                chmod 600 state
                /usr/sbin/logrotate -d -s state rules 2>debug
                ! grep -i error debug
                /usr/sbin/logrotate -s state rules
                zcat results-old.jsonl.1.gz nights/old/results.jsonl.1.gz
                ls results-* nights/*
                """)
            #expect(ended.status == 0, "\(ended)")
            #expect(
                ended.standardOutput == """
                    {}
                    {}
                    results-new.jsonl
                    results-old.jsonl.1.gz

                    nights/new:
                    results.jsonl

                    nights/old:
                    results.jsonl.1.gz

                    """, "\(ended)")
        }
    }
}
