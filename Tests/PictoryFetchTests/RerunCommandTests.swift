import Foundation
import Report
import Testing

@testable import pictory_fetch

@Suite struct RerunCommandTests {
    private func command(_ results: [String], areFiles: Bool = true, _ facts: RerunFacts) -> String {
        RerunCommand.rerun(.init(results: results, areFiles: areFiles), facts, savedAs: "failed-timeout-rerun.jsonl")
            .command
    }

    private func facts(
        _ manifests: [String]? = ["jobs.jsonl"], directory: RerunFacts.Shared<String> = .one("images"),
        named: Bool = false
    ) -> RerunFacts {
        RerunFacts(manifests: manifests, directory: directory, hasNamedImages: named)
    }

    @Test func oneJournalIsResumed() {
        #expect(
            command(["results.jsonl"], facts()) == "pictory-fetch jobs.jsonl --results results.jsonl --resume")
        #expect(
            command(["r.jsonl"], facts(["a.jsonl", "-b c.jsonl"], directory: .one("/srv/my images")))
                == "pictory-fetch a.jsonl './-b c.jsonl' --results r.jsonl --resume --output-dir '/srv/my images'")
    }

    @Test func severalFilesAreMergedFirst() {
        #expect(
            command(["1.jsonl", "2.jsonl"], facts()) == """
                pictory-fetch merge --results all.jsonl 1.jsonl 2.jsonl
                pictory-fetch jobs.jsonl --results all.jsonl --resume
                """)
    }

    /// A run that looks for the images at another place would fetch all of them again.
    @Test(arguments: [
        (["-"] as [String]?, RerunFacts.Shared.one("images"), false), (nil, .one("images"), false),
        (["jobs.jsonl"], .several, false), (["jobs.jsonl"], .none, true),
    ])
    func recordsAreTheManifestWhereNoRunCanBeResumed(
        manifests: [String]?, directory: RerunFacts.Shared<String>, named: Bool
    ) {
        let facts = facts(manifests, directory: directory, named: named)
        #expect(
            command(["r.jsonl"], facts)
                == "pictory-fetch failed-timeout-rerun.jsonl --results again-failed-timeout-rerun.jsonl")
    }

    @Test func templateThatMadeTheNamesHasToBeAdded() {
        let rerun = RerunCommand.rerun(
            .init(results: ["r.jsonl"], areFiles: true), facts(directory: .one("out"), named: true), savedAs: "x.jsonl")
        #expect(rerun.command == "pictory-fetch x.jsonl --results again-x.jsonl --output-dir out")
        #expect(rerun.hint.contains("--name"))
    }

    @Test func savedRecordsAreTheManifestWhereResultsCameThroughAPipe() {
        let rerun = RerunCommand.rerun(
            .init(results: ["-"], areFiles: false), facts(directory: .one("out")), savedAs: "x.jsonl")
        #expect(rerun.command == "pictory-fetch x.jsonl --results again-x.jsonl --output-dir out")
        #expect(rerun.hint.contains("x.jsonl"))
        #expect(!RerunCommand.Source(results: ["-"]).areFiles)
        #expect(RerunCommand.Source(results: ["nowhere.jsonl"]).areFiles)
    }

    /// Read again by a shell, the words are what they were.
    @Test(arguments: ["a'b", "$(touch x)", "`x`", "a\nb", "\\", "*", "", "é", "!x", "~", "a;b", "#"])
    func wordsAreQuotedForAShell(word: String) throws {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "printf %s \(RerunCommand.quoted(word))"]
        let pipe = Pipe()
        shell.standardOutput = pipe
        try shell.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        #expect(String(decoding: output, as: UTF8.self) == word)
    }
}
