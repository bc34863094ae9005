import FetchCore
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
        _ manifests: [String]? = ["jobs.jsonl"], directory: RerunFacts.Shared<ExactText> = .one(ExactText("images")),
        named: Bool = false
    ) -> RerunFacts {
        RerunFacts(manifests: manifests?.map(ExactText.init), directory: directory, hasNamedImages: named)
    }

    @Test func oneJournalIsResumed() {
        #expect(
            command(["results.jsonl"], facts()) == "pictory-fetch jobs.jsonl --results results.jsonl --resume")
        #expect(
            command(["r.jsonl"], facts(["a.jsonl", "-b c.jsonl"], directory: .one(ExactText("/srv/my images"))))
                == "pictory-fetch a.jsonl './-b c.jsonl' --results r.jsonl --resume --output-dir '/srv/my images'")
    }

    /// One run does what is left of all groups, or of the one that was saved.
    @Test func onlyAJournalThatIsResumedDoesAllJobs() {
        func doesAll(_ facts: RerunFacts) -> Bool {
            RerunCommand.rerun(.init(results: ["r"], areFiles: true), facts, savedAs: "x.jsonl").doesAll
        }
        #expect(doesAll(facts()))
        #expect(!doesAll(facts(["-"])))
    }

    /// Two names that look alike are two files.
    @Test func manifestsThatLookAlikeAreTwo() {
        #expect(
            command(["r.jsonl"], facts(["\u{e9}", "e\u{301}"]))
                == "pictory-fetch '\u{e9}' 'e\u{301}' --results r.jsonl --resume")
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
        (["-"] as [String]?, RerunFacts.Shared<ExactText>.one(ExactText("images")), false),
        (nil, .one(ExactText("images")), false),
        (["jobs.jsonl"], .several, false), (["jobs.jsonl"], .none, true),
    ])
    func recordsAreTheManifestWhereNoRunCanBeResumed(
        manifests: [String]?, directory: RerunFacts.Shared<ExactText>, named: Bool
    ) {
        let facts = facts(manifests, directory: directory, named: named)
        #expect(
            command(["r.jsonl"], facts)
                == "pictory-fetch failed-timeout-rerun.jsonl --results again-failed-timeout-rerun.jsonl")
    }

    @Test func templateThatMadeTheNamesHasToBeAdded() {
        let rerun = RerunCommand.rerun(
            .init(results: ["r.jsonl"], areFiles: true), facts(directory: .one(ExactText("out")), named: true),
            savedAs: "x.jsonl")
        #expect(rerun.command == "pictory-fetch x.jsonl --results again-x.jsonl --output-dir out")
        #expect(rerun.hint.contains("--name"))
    }

    @Test func savedRecordsAreTheManifestWhereResultsCameThroughAPipe() {
        let rerun = RerunCommand.rerun(
            .init(results: ["-"], areFiles: false), facts(directory: .one(ExactText("out"))), savedAs: "x.jsonl")
        #expect(rerun.command == "pictory-fetch x.jsonl --results again-x.jsonl --output-dir out")
        #expect(rerun.hint.contains("x.jsonl"))
        #expect(!RerunCommand.Source(results: ["-"]).areFiles)
        #expect(RerunCommand.Source(results: ["nowhere.jsonl"]).areFiles)
    }

    /// What is copied from the page is what a person has seen there.
    @Test(arguments: [
        "a\u{1B}[2Kb", "a\nb'c\\d", "\u{202E}gnp.exe", "\t", "\u{7F}1", "x\u{2066}$(y)", "\u{200B}", "é\u{AD}0",
    ])
    func unseenCharactersAreSpelled(word: String) throws {
        let quoted = RerunCommand.quoted(word)
        #expect(quoted.unicodeScalars.allSatisfy(ForeignText.isSeen))
        #expect(try printed(quoted, by: "/bin/bash").utf8.elementsEqual(word.utf8), "\(quoted)")
        let rerun = RerunCommand.rerun(
            .init(results: ["r.jsonl"], areFiles: true), facts([word]), savedAs: "x.jsonl")
        #expect(rerun.hint.contains("bash"))
    }

    /// Read again by a shell, the words are what they were.
    @Test(arguments: ["a'b", "$(touch x)", "`x`", "a\nb", "\\", "*", "", "é", "!x", "~", "a;b", "#"])
    func wordsAreQuotedForAShell(word: String) throws {
        let shell = word.contains("\n") ? "/bin/bash" : "/bin/sh"
        #expect(try printed(RerunCommand.quoted(word), by: shell) == word)
    }

    /// What a shell makes of a word.
    private func printed(_ quoted: String, by path: String) throws -> String {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: path)
        shell.arguments = ["-c", "printf %s \(quoted)"]
        let pipe = Pipe()
        shell.standardOutput = pipe
        try shell.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
