import FetchCore
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
                pictory-fetch merge --results all.jsonl 1.jsonl 2.jsonl || [ $? = 75 ] &&
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

    @Test func wordThatFewShellsKnowIsTold() {
        let rerun = RerunCommand.rerun(
            .init(results: ["r.jsonl"], areFiles: true), facts(["a\nb"]), savedAs: "x.jsonl")
        #expect(rerun.command.contains(#"$'a\012b'"#))
        #expect(rerun.hint.contains("bash"))
    }

    @Test(arguments: ["check", "merge", "run", "help"]) func manifestThatIsCalledAsASubcommandIsAPath(name: String) {
        #expect(command(["r"], facts([name])) == "pictory-fetch ./\(name) --results r --resume")
    }

    @Test func mergeTakesANameThatNoInputHas() {
        let command = command(["all.jsonl", "x/all-2.jsonl"], facts())
        #expect(command.hasPrefix("pictory-fetch merge --results all-3.jsonl all.jsonl x/all-2.jsonl || "))
        #expect(command.hasSuffix("\npictory-fetch jobs.jsonl --results all-3.jsonl --resume"))
    }
}
