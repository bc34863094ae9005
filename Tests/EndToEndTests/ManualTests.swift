import Foundation
import Testing

extension EndToEnd {
    /// The manual pages and the completions that are installed, made by the built program.
    @Suite(.timeLimit(.minutes(5))) struct ManualTests {
        private let scratch: Scratch

        init() throws { scratch = try Scratch() }

        private static let program = Programs.url("pictory-fetch").path

        /// Runs a command line of the shell in the scratch folder; `$PROGRAM` and `$SCRIPTS` are what they say.
        private func shell(_ command: String, in locale: String = "C.UTF-8") async throws -> Ended {
            let environment = [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": scratch.url.path, "LC_ALL": locale, "MANWIDTH": "80",
                "PROGRAM": Self.program, "SCRIPTS": Programs.repository.appendingPathComponent("scripts").path,
            ]
            return try await RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), ["-c", command], environment: environment, in: scratch
            ).end()
        }

        private static func has(_ tool: String) -> Bool {
            FileManager.default.isExecutableFile(atPath: "/usr/bin/\(tool)")
        }

        /// Makes all pages and returns their texts by their names.
        private func pages() async throws -> [String: String] {
            let made = try await shell("\"$SCRIPTS/manual/make\" \"$PROGRAM\" man1")
            try #require(made.status == 0 && made.standardError == "", "\(made)")
            return try Dictionary(
                uniqueKeysWithValues: scratch.files(in: "man1").map {
                    ($0, try String(contentsOfFile: scratch.path("man1/\($0)"), encoding: .utf8))
                })
        }

        private func object(_ command: String) async throws -> [String: Any] {
            let ended = try await shell(command)
            return try #require(
                JSONSerialization.jsonObject(with: Data(ended.standardOutput.utf8)) as? [String: Any], "\(ended)")
        }

        /// The text below a line of the page, up to the next item or section.
        private func below(_ head: String, of page: String) throws -> Substring {
            let start = try #require(page.range(of: "\n\(head)\n"), "\(head) is missing")
            let rest = page[start.upperBound...]
            return rest[..<(rest.firstRange(of: #/\n\.(It|El|Sh|Ss)\b/#)?.lowerBound ?? rest.endIndex)]
        }

        /// What the items of a section are about, such as fields.
        private func items(of section: String, in page: String) throws -> Set<String> {
            let start = try #require(page.range(of: "\n.Sh \(section)\n"), "\(section) is missing").upperBound
            let text = page[start...].prefix(
                upTo: page.range(of: "\n.Sh ", range: start..<page.endIndex)?.lowerBound ?? page.endIndex)
            let words = text.split(separator: "\n").filter { $0.hasPrefix(".It Cm ") }.flatMap {
                $0.dropFirst(7).split { " ,".contains($0) }
            }
            return Set(words.map(String.init))
        }

        @Test func pageNamesEveryFieldOfTheSummaryAndEveryMetric() async throws {
            let page = try #require(try await pages()["pictory-fetch.1"])
            let schema = try await object("\"$PROGRAM\" schema summary")
            let fields = try #require(schema["properties"] as? [String: Any])
            #expect(try items(of: "SUMMARY", in: page) == Set(fields.keys))

            // A good run, and one with a failure: together they have every metric.
            let fetch = try Fetch(try await Simulator())
            for number in [1, 4] {
                _ = try await fetch.run([line(fixture(number))], ["--metrics", "night.prom"])
            }
            let metrics = try String(contentsOfFile: fetch.scratch.path("night.prom"), encoding: .utf8)
            let names = metrics.matches(of: /# TYPE pictory_fetch_([a-z_]+) (?:gauge|histogram)/).map { String($0.1) }
            #expect(try items(of: "METRICS", in: page) == Set(names))
        }

        @Test(.enabled(if: has("man"), "man is missing; scripts/setup installs it"))
        func pagesRenderWithoutAWarning() async throws {
            for (name, text) in try await pages() {
                #expect(!text.contains(".\\\" "), "\(name) has a place that was not filled")
                let page = try await shell("man --warnings -l man1/\(name)")
                #expect(page.status == 0 && page.standardError == "", "\(page)")
                #expect(page.standardOutput.contains("EXIT STATUS"), "\(page)")
                #expect(page.standardOutput.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(page)")
            }
        }

        @Test func everyCommandHasItsPageAndEveryOptionItsPlace() async throws {
            let pages = try await pages()
            let help = try await object("\"$PROGRAM\" --experimental-dump-help")
            let command = try #require(help["command"] as? [String: Any])
            let commands = try #require(command["subcommands"] as? [[String: Any]])
            var names: Set<String> = []
            for command in commands {
                let name = try #require(command["commandName"] as? String)
                guard name != "help" else { continue }
                let file = name == "run" ? "pictory-fetch.1" : "pictory-fetch-\(name).1"
                names.insert(file)
                let page = try #require(pages[file], "\(name) has no page")
                // What config takes is what run takes, and schema has no options.
                guard page.contains("\n.Sh OPTIONS\n") else {
                    #expect(["config", "schema"].contains(name), "\(file) has no options")
                    continue
                }
                let arguments = try #require(command["arguments"] as? [[String: Any]])
                for argument in arguments where argument["kind"] as? String != "positional" {
                    for each in try #require(argument["names"] as? [[String: String]]) {
                        let typed = (each["kind"] == "long" ? "-" : "") + (each["name"] ?? "")
                        let flag = "Fl " + typed.replacingOccurrences(of: "-", with: "\\-")
                        let places = page.split(separator: "\n").count { line in
                            line.hasPrefix(".It ") && " \(line) ".contains(" \(flag) ")
                        }
                        #expect(places == 1, "\(file): \(flag)")
                    }
                }
            }
            #expect(Set(pages.keys) == names)
        }

        @Test func pageNamesEveryFieldOfARecordAndEveryCodeWithItsAction() async throws {
            let page = try #require(try await pages()["pictory-fetch.1"])
            let schema = try await object("\"$PROGRAM\" schema record")
            let fields = try #require(schema["properties"] as? [String: Any])
            let items = try items(of: "RESULT RECORDS", in: page)
            for field in fields.keys { #expect(items.contains(field), "the field \(field)") }

            /// The values that a rule of the schema names, such as `then.retry.action`.
            func values(_ rule: [String: Any], _ part: String, _ field: String, _ member: String) -> [String] {
                let fields = (rule[part] as? [String: Any])?["properties"] as? [String: Any]
                let members = (fields?[field] as? [String: Any])?["properties"] as? [String: Any]
                return (members?[member] as? [String: Any])?["enum"] as? [String] ?? []
            }
            var known: Set<String> = []
            for rule in try #require(schema["allOf"] as? [[String: Any]]) {
                for action in values(rule, "then", "retry", "action") {
                    let words = try below(".It Cm \(action)", of: page).split { " ,.\n".contains($0) }
                    for code in values(rule, "if", "error", "code") {
                        #expect(words.contains { $0 == code }, "\(code) with \(action)")
                        known.insert(code)
                    }
                }
            }
            let error = try #require(fields["error"] as? [String: Any])
            let codes = try #require((error["properties"] as? [String: Any])?["code"] as? [String: Any])
            #expect(known == Set(codes["enum"] as? [String] ?? []))
        }

        /// Makes the completions for a shell, and returns what a command line says that uses them.
        private func completions(for name: String, in file: String, _ command: String) async throws -> String {
            try #require(Self.has(name), "\(name) is missing; scripts/setup installs it")
            let ended = try await shell(
                "\"$PROGRAM\" --generate-completion-script \(name) >\(file) && \(name) -n \(file) && \(command)")
            #expect(ended.status == 0 && ended.standardError == "", "\(ended)")
            return ended.standardOutput
        }

        @Test func completionsAreReadByBash() async throws {
            let bash = "bash -c '. ./completion; complete -p pictory-fetch'"
            #expect(
                try await completions(for: "bash", in: "completion", bash)
                    == "complete -o filenames -F _pictory-fetch pictory-fetch\n")
        }

        @Test func completionsAreFoundByZsh() async throws {
            let zsh =
                #"zsh -fc 'fpath=($PWD $fpath); autoload -U compinit; compinit -D -u; print $_comps[pictory-fetch]'"#
            #expect(try await completions(for: "zsh", in: "_pictory-fetch", zsh) == "_pictory-fetch\n")
        }

        @Test func completionsAreOfferedByFish() async throws {
            let fish = #"fish -Nc 'source completion.fish; complete -C "pictory-fetch run --concurr"'"#
            let offered = try await completions(for: "fish", in: "completion.fish", fish)
            #expect(offered.hasPrefix("--concurrency"), "\(offered)")
        }

        /// `argparse` of fish refuses such a name.
        @Test(arguments: [
            ("--htt", "--http1.1"), ("--http1.1 --concurr", "--concurrency"),
            ("--no-http1.1 --concurr", "--concurrency"),
            ("--http1.1 --htt", ""),
        ]) func completionsOfFishKnowAFlagWithADot(line: String, offer: String) async throws {
            let fish = #"timeout 20 fish -Nc 'source completion.fish; complete -C "pictory-fetch run \#(line)"'"#
            let offered = try await completions(for: "fish", in: "completion.fish", fish)
            #expect(offered.hasPrefix(offer) && offered.isEmpty == offer.isEmpty, "\(offered)")
        }

        @Test func eitherSpellingOfTheFlagGivesTheSameCompletions() async throws {
            let ended = try await shell(
                #""$PROGRAM" --generate-completion-script fish >a && "$PROGRAM" --generate-completion-script=fish | cmp a"#
            )
            #expect(ended.status == 0, "\(ended)")
        }

        @Test func removalTakesWhatWasInstalledAndNothingElse() async throws {
            let places = [
                "bin/pictory-fetch", "share/bash-completion/completions/pictory-fetch",
                "share/zsh/site-functions/_pictory-fetch", "share/fish/vendor_completions.d/pictory-fetch.fish",
            ]
            let all = try await pages().keys.map { "share/man/man1/\($0)" } + places
            let others = ["bin/pictory-fetch-nightly", "share/man/man1/other.1"]
            for place in all + others {
                let made = try await shell("install -D /dev/null 'root/opt/p/\(place)'")
                try #require(made.status == 0, "\(made)")
            }
            let removed = try await shell("\"$SCRIPTS/install\" --uninstall --prefix /opt/p --destdir root")
            #expect(removed.status == 0 && removed.standardOutput == "", "\(removed)")
            for place in all { #expect(removed.standardError.contains("root/opt/p/\(place)\n"), "\(removed)") }
            let left = try await shell("find root -type f -printf '%P\\n' | sort")
            #expect(left.standardOutput == others.map { "opt/p/\($0)\n" }.sorted().joined(), "\(left)")
        }

        @Test(arguments: [
            ("install --prefix", 64), ("install /usr", 64), ("package-deb a b", 64), ("install --help", 0),
        ])
        func wrongUseOfTheScriptsIsTold(command: String, status: Int32) async throws {
            let ended = try await shell("\"$SCRIPTS\"/\(command)")
            #expect(ended.status == status, "\(ended)")
            #expect((ended.standardOutput + ended.standardError).contains("usage: scripts/"), "\(ended)")
        }
    }
}
