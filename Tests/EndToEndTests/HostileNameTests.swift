import Foundation
import Testing

extension EndToEnd {
    /// Names of files that would speak to a terminal: what is said about them is seen and not obeyed.
    @Suite(.timeLimit(.minutes(5))) struct HostileNameTests {
        /// Sets a terminal's title, colours it, and turns the direction of what follows.
        private static let name = "night\u{1B}]0;title\u{7}\u{1B}[31m\u{9B}2J\u{202E}.jsonl"
        private static let shown = #"night\u{1b}]0;title\u{7}\u{1b}[31m\u{9b}2J\u{202e}.jsonl"#

        private func isHarmless(_ text: String) -> Bool {
            text.unicodeScalars.allSatisfy { scalar in
                scalar == "\n" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar != "\u{202E}"
            }
        }

        @Test(arguments: [
            [name], ["check", name], ["merge", name], ["verify", name], ["report", name],
            ["--config", name], ["--api-key-file", name], ["--ca-file", name], ["--\(name)"], ["check", "--\(name)"],
        ]) func nameThatCannotBeReadIsShown(arguments: [String]) async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(arguments: arguments)
            #expect(ended.status != 0, "\(ended)")
            #expect(ended.standardError.contains(Self.shown), "\(ended)")
            #expect(isHarmless(ended.standardError), "\(ended)")
        }

        @Test func nameOfManifestWithInvalidLinesIsShown() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let manifest = try fetch.scratch.file(Self.name, "{}\n")
            let base = ["--api-url", fetch.simulator.url, "--verbose"]
            for arguments in [base + [manifest], ["check"] + base + [manifest]] {
                let ended = try await fetch.run(arguments: arguments, environment: ["PICTORY_API_KEY": Simulator.key])
                #expect(ended.status == 1, "\(ended)")
                // Only the run names the manifest; what check says of a line is a record.
                #expect(ended.standardError.contains(Self.shown) == (arguments.first != "check"), "\(ended)")
                #expect(isHarmless(ended.standardError), "\(ended)")
            }
        }

        @Test func programsGetTheNameAsItIs() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(arguments: ["--log-format", "json", Self.name])
            #expect(ended.status == 66, "\(ended)")
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(ended.standardError.utf8)) as? [String: Any], "\(ended)")
            #expect((object["message"] as? String)?.contains(Self.name) == true, "\(ended)")
        }

        @Test func eachManifestThatCannotBeReadHasALineOfItsOwn() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(arguments: ["one.jsonl", "line\nbreak.jsonl", "two.jsonl"])
            #expect(ended.status == 66, "\(ended)")
            let lines = ended.standardError.split(separator: "\n")
            #expect(lines.count == 4, "\(ended)")
            #expect(lines.allSatisfy { $0.hasPrefix("pictory-fetch: ") }, "\(ended)")
        }
    }
}
