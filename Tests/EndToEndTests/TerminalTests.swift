import Foundation
import Testing

extension EndToEnd {
    /// What a person at a terminal sees.
    @Suite(.timeLimit(.minutes(5))) struct TerminalTests {
        /// The run of most tests: good and bad ends, retries, and a job that is waited for.
        private let some = [fixture(1), fixture(2), fixture(4), fixture(0x15)].map(line)

        /// Jobs that take many seconds to be answered, so that they are on the wire when the test needs them there.
        private func slow() async throws -> (Fetch, [String]) {
            let fetch = try Fetch(try await Simulator(scenario: "busy", timeScale: 1))
            return (fetch, (10...99).map { line("10000000-0000-4000-8000-0000000000\($0)") })
        }

        /// Nothing of live progress is left, and nothing was written that the program has no business with.
        private func expectClean(_ terminal: Terminal, _ place: SourceLocation = #_sourceLocation) {
            let screen = terminal.screen
            #expect(screen.text.allSatisfy { !isLive($0) }, "\(screen.text)", sourceLocation: place)
            #expect(screen.text.allSatisfy(isMessage), "\(screen.text)", sourceLocation: place)
            #expect(screen.unknown == [], sourceLocation: place)
            #expect(screen.isWrapping, sourceLocation: place)
        }

        private func isLive(_ line: String) -> Bool {
            (line.contains(" in flight") || line.contains(" done")) && !line.hasPrefix("pictory-fetch: ")
        }

        private func isMessage(_ line: String) -> Bool {
            line.hasPrefix("pictory-fetch: ") || line.hasPrefix("  ")
        }

        @Test func progressIsDrawnOverAndGoneAtTheEnd() async throws {
            let fetch = try Fetch(try await Simulator())
            let terminal = try Terminal(fetch, ["-r", "results.jsonl"], lines: some)
            #expect(try await terminal.end() == 1, "\(terminal.text)")
            // It was shown, and more than once.
            #expect(terminal.text.components(separatedBy: "in flight").count > 2, "\(terminal.text)")
            #expect(terminal.text.contains("/4 done"), "\(terminal.text)")
            expectClean(terminal)
            #expect(terminal.screen.wraps == 0)
            #expect(terminal.screen.text.first?.contains("3 downloaded, 1 failed") == true, "\(terminal.screen.text)")
            #expect(terminal.screen.lines.last == "", "the prompt has a line to itself")
        }

        @Test func logLinesStandAboveTheLiveArea() async throws {
            let (fetch, lines) = try await slow()
            let terminal = try Terminal(fetch, ["-v", "-r", "results.jsonl"], lines: lines, columns: 300)
            try await terminal.wait { $0.screen.text.filter { $0.contains(": downloaded ") }.count >= 5 }
            terminal.signal(SIGUSR1)
            try await terminal.wait {
                $0.screen.text.contains { $0.hasPrefix("pictory-fetch: ") && $0.contains("elapsed") }
            }
            try await terminal.wait { $0.screen.text.last.map(isLive) ?? false }
            let text = terminal.screen.text
            let live = try #require(text.firstIndex { !isMessage($0) }, "\(text)")
            #expect(text[live...].allSatisfy { !isMessage($0) }, "\(text)")
            #expect((2...3).contains(text.count - live), "\(text)")
            terminal.signal(SIGTERM)
            #expect(try await terminal.end() == 143)
            expectClean(terminal)
            #expect(terminal.screen.text.contains { $0.contains("Stopped by SIGTERM") }, "\(terminal.screen.text)")
        }

        @Test(arguments: [1, 5, 20, 45]) func nothingWrapsInANarrowWindow(columns: Int) async throws {
            let fetch = try Fetch(try await Simulator())
            let terminal = try Terminal(fetch, ["-r", "results.jsonl"], lines: some, columns: columns)
            // Of a run that is still under way: the summary may wrap.
            var wraps: [Int] = []
            try await terminal.wait { terminal in
                let screen = terminal.screen
                if !terminal.text.contains("records") { wraps.append(screen.wraps) }
                return false
            }
            #expect(!wraps.isEmpty && wraps.allSatisfy { $0 == 0 }, "\(terminal.text)")
            #expect(terminal.screen.unknown == [])
        }

        @Test func linesFollowTheWindowsWidth() async throws {
            let (fetch, lines) = try await slow()
            let terminal = try Terminal(fetch, ["-r", "results.jsonl"], lines: lines)
            try await terminal.wait { $0.text.contains("elapsed") }
            for (columns, rows) in [(24, 10), (60, 2), (12, 30), (100, 30)] {
                try await terminal.resize(columns: columns, rows: rows)
                let length = terminal.text.count
                try await terminal.wait { $0.text.count > length && $0.text.hasSuffix("\r\u{1B}[?7h") }
                let screen = terminal.screen
                #expect(screen.wraps == 0, "\(columns): \(screen.text)")
                // No remains of what was drawn before, broken anew or not, stand above or below.
                #expect((1...3).contains(screen.text.count), "\(columns): \(screen.text)")
                #expect(screen.text.allSatisfy { $0.count < columns }, "\(columns): \(screen.text)")
            }
            terminal.signal(SIGTERM)
            #expect(try await terminal.end() == 143)
            expectClean(terminal)
        }

        @Test func linesMadeForAWiderWindowAreCut() async throws {
            let (fetch, lines) = try await slow()
            let terminal = try Terminal(fetch, ["-r", "results.jsonl"], lines: lines)
            try await terminal.wait { $0.text.contains("elapsed") }
            // The window is narrower already, and the program has not been told.
            try await terminal.resize(columns: 30, rows: 30, isTold: false)
            let length = terminal.text.count
            try await terminal.wait { $0.text.count > length + 500 && $0.text.hasSuffix("\r\u{1B}[?7h") }
            let screen = terminal.screen
            #expect(screen.wraps == 0, "\(screen.text)")
            #expect((2...3).contains(screen.text.count), "\(screen.text)")
            terminal.signal(SIGTERM)
            #expect(try await terminal.end() == 143)
        }

        @Test func suspendedProgramLeavesACleanScreenAndComesBack() async throws {
            let (fetch, lines) = try await slow()
            let terminal = try Terminal(fetch, ["-r", "results.jsonl"], lines: lines)
            try await terminal.wait { $0.text.contains("elapsed") }
            try await terminal.stop(by: SIGTSTP)
            #expect(terminal.screen.text == [])
            terminal.signal(SIGCONT)
            try await terminal.wait { $0.screen.text.count >= 2 }
            #expect(terminal.screen.text.contains(where: isLive), "\(terminal.screen.text)")
            terminal.signal(SIGTERM)
            #expect(try await terminal.end() == 143)
            expectClean(terminal)
        }

        @Test func timeGoesOnWhileNothingHappens() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "waiting", timeScale: 1))
            let terminal = try Terminal(
                fetch,
                ["-r", "results.jsonl", "--poll-interval", "1h", "--max-poll-interval", "1h", "--max-wait", "9h"],
                lines: [line(fixture(0x03))])
            try await terminal.wait { $0.text.contains("3 s elapsed") }
            let times = (1...3).map { "\($0) s elapsed" }
            #expect(times.allSatisfy(terminal.text.contains), "\(terminal.text)")
            #expect(try await fetch.simulator.statistics().requests.poll == 1)
            terminal.signal(SIGTERM)
            #expect(try await terminal.end() == 143)
            expectClean(terminal)
        }

        @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func secondSignalLeavesACleanScreen(number: Int32) async throws {
            let (fetch, lines) = try await slow()
            let terminal = try Terminal(fetch, ["-r", "results.jsonl"], lines: lines)
            // Without a request in flight the first signal ends the run at once.
            try await terminal.wait { $0.text.contains(/[1-9][0-9]* in flight/) }
            terminal.signal(number)
            try await terminal.wait { $0.text.contains("a second one ends at once") }
            #expect(terminal.screen.text.contains(where: isLive), "\(terminal.screen.text)")
            terminal.signal(number)
            #expect(try await terminal.end() == 128 + number)
            #expect(terminal.screen.text == [])
            #expect(terminal.screen.isWrapping)
        }

        @Test func readerThatGoesAwayLeavesACleanScreen() async throws {
            let (fetch, lines) = try await slow()
            let pipe = Pipe()
            let terminal = try Terminal(
                fetch, [], lines: lines, standardOutput: .pipe(pipe.fileHandleForWriting))
            try pipe.fileHandleForWriting.close()
            try await terminal.wait { $0.text.contains("in flight") }
            try pipe.fileHandleForReading.close()
            #expect(try await terminal.end() == 141, "\(terminal.text)")
            #expect(terminal.text.contains("in flight"))
            #expect(terminal.screen.text == [])
        }

        @Test func recordsOnTheTerminalAreNotDrawnOver() async throws {
            let fetch = try Fetch(try await Simulator())
            let terminal = try Terminal(fetch, [], lines: some, standardOutput: .terminal)
            #expect(try await terminal.end() == 1)
            #expect(!terminal.text.contains("in flight"), "\(terminal.text)")
            #expect(!terminal.text.contains("\u{1B}"), "\(terminal.text)")
        }

        @Test func dumbTerminalGetsNoEscapes() async throws {
            let fetch = try Fetch(try await Simulator())
            let terminal = try Terminal(
                fetch, ["-r", "results.jsonl"], lines: [line(fixture(1))], environment: ["TERM": "dumb"])
            #expect(try await terminal.end() == 0, "\(terminal.text)")
            #expect(!terminal.text.contains("\u{1B}"), "\(terminal.text)")
            #expect(!terminal.text.contains("in flight"), "\(terminal.text)")
            #expect(terminal.text.contains("1 downloaded"), "\(terminal.text)")
        }

        @Test(arguments: [[:], ["NO_COLOR": "1"]]) func noColourIsUsed(environment: [String: String]) async throws {
            let fetch = try Fetch(try await Simulator())
            let terminal = try Terminal(
                fetch, ["-v", "-r", "results.jsonl"], lines: some, columns: 300, environment: environment)
            #expect(try await terminal.end() == 1, "\(terminal.text)")
            #expect(terminal.text.contains("in flight"), "\(terminal.text)")
            // No colour, no hidden cursor, no other screen: nothing to be set right again.
            expectClean(terminal)
        }

        @Test func progressCanBeHadWithoutATerminalAndRefusedOnOne() async throws {
            let fetch = try Fetch(try await Simulator())
            let always = try await fetch.run([line(fixture(1))], ["--progress", "always"])
            #expect(always.standardError.contains("in flight"), "\(always)")
            #expect(!always.standardError.contains("\u{1B}"), "\(always)")
            let never = try Terminal(
                fetch, ["--progress", "never", "-r", "results.jsonl"], lines: [line(fixture(1))])
            #expect(try await never.end() == 0)
            #expect(!never.text.contains("in flight"), "\(never.text)")
        }

        @Test func terminalForStandardInputGetsTheUsage() async throws {
            let fetch = try Fetch(try await Simulator())
            let program = try RunningProgram(
                URL(fileURLWithPath: "/usr/bin/script"),
                ["-qec", Programs.url("pictory-fetch").path, "/dev/null"],
                environment: fetch.simulator.environment.merging(["TERM": "xterm", "SHELL": "/bin/sh"]) { $1 },
                in: fetch.scratch)
            let ended = try await program.end()
            #expect(ended.status == 64, "\(ended)")
            #expect(ended.standardOutput.contains("USAGE:"), "\(ended)")
        }
    }
}
