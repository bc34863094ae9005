import Foundation
import Testing

extension EndToEnd {
    /// What a person at a terminal sees; `script` of util-linux is the terminal.
    @Suite(.timeLimit(.minutes(5))) struct TerminalTests {
        /// To the line's beginning, and erase the line.
        private let redraw = "\r\u{1B}[2K"

        /// Runs the program on a terminal of its own and returns all that appeared there, with the status.
        private func onTerminal(
            _ fetch: Fetch, _ arguments: String, terminal: String = "xterm", lines: [String]? = nil
        ) async throws -> Ended {
            var command = "\(Programs.url("pictory-fetch").path) \(Fetch.fast.joined(separator: " ")) \(arguments)"
            if let lines {
                command += " " + (try fetch.scratch.file("jobs.jsonl", lines.map { $0 + "\n" }.joined()))
            }
            let program = try RunningProgram(
                URL(fileURLWithPath: "/usr/bin/script"), ["-qec", command, "/dev/null"],
                environment: fetch.simulator.environment.merging(["TERM": terminal, "SHELL": "/bin/sh"]) { $1 },
                in: fetch.scratch)
            return try await program.end()
        }

        @Test func progressIsDrawnOverAndGoneAtTheEnd() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await onTerminal(
                fetch, "-r results.jsonl", lines: [line(fixture(1)), line(fixture(2)), line(fixture(4))])
            #expect(ended.status == 1, "\(ended)")
            let screen = ended.standardOutput
            #expect(screen.contains("in flight"), "\(ended)")
            let parts = screen.components(separatedBy: redraw)
            #expect(parts.count > 2, "\(ended)")
            // A live line has no end of line, or it would scroll away; after the last one only the summary stands.
            #expect(parts.dropFirst().dropLast().allSatisfy { !$0.contains("\n") }, "\(ended)")
            #expect(parts.last?.contains("2 downloaded, 1 failed") == true, "\(ended)")
            #expect(parts.last?.contains("in flight") == false, "\(ended)")
        }

        @Test func logLinesStandAboveTheLiveLine() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await onTerminal(
                fetch, "-v -r results.jsonl", lines: [line(fixture(1)), line(fixture(0x15))])
            #expect(ended.status == 0, "\(ended)")
            let logged = ended.standardOutput.components(separatedBy: "\r\n").filter { $0.contains("again in") }
            #expect(!logged.isEmpty, "\(ended)")
            for text in logged {
                // Whatever live line stood there was erased first, so that the log line has the line to itself.
                #expect(text.components(separatedBy: redraw).last?.contains("in flight") == false, "\(ended)")
            }
            #expect(ended.standardOutput.contains("downloaded images/"), "\(ended)")
        }

        @Test func dumbTerminalGetsNoEscapes() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await onTerminal(fetch, "-r results.jsonl", terminal: "dumb", lines: [line(fixture(1))])
            #expect(ended.status == 0, "\(ended)")
            #expect(!ended.standardOutput.contains("\u{1B}"), "\(ended)")
            #expect(ended.standardOutput.contains("1 downloaded"), "\(ended)")
        }

        @Test func progressCanBeHadWithoutATerminalAndRefusedOnOne() async throws {
            let fetch = try Fetch(try await Simulator())
            let always = try await fetch.run([line(fixture(1))], ["--progress", "always"])
            #expect(always.standardError.contains("in flight"), "\(always)")
            #expect(!always.standardError.contains("\u{1B}"), "\(always)")
            let never = try await onTerminal(fetch, "--progress never -r results.jsonl", lines: [line(fixture(1))])
            #expect(!never.standardOutput.contains("in flight"), "\(never)")
        }

        @Test func terminalForStandardInputGetsTheUsage() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await onTerminal(fetch, "")
            #expect(ended.status == 64, "\(ended)")
            #expect(ended.standardOutput.contains("USAGE:"), "\(ended)")
        }
    }
}
