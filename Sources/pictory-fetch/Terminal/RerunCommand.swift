import FetchCore
import Files
import Glibc
import Report

/// The command that does what a night has left, for a person to paste into a shell.
enum RerunCommand {
    /// Where the records are.
    struct Source: Sendable {
        let results: [String]
        /// They can be read again by their names.
        let areFiles: Bool

        init(results: [String]) {
            self.init(
                results: results,
                areFiles: results.allSatisfy { $0 != "-" && (try? stat(ofPath: $0))?.isRegularFile != false })
        }

        init(results: [String], areFiles: Bool) {
            self.results = results
            self.areFiles = areFiles
        }
    }

    /// With one results file that is the journal of a run over manifests which are still there, that run is resumed.
    /// Several files are merged to one before. Otherwise the records are the manifest of a run of their own, from the file
    /// `savedAs` to which the page saves them byte for byte; no other program would keep every number as it is spelled.
    ///
    /// A run is resumed only where it would find the images at their places: others it would fetch again.
    static func rerun(_ source: Source, _ facts: RerunFacts, savedAs file: String) -> PageRequest.Rerun {
        guard source.areFiles, let manifests = facts.manifests, !manifests.contains(ExactText("-")),
            !facts.hasNamedImages,
            facts.directory != .several, let first = source.results.first
        else {
            let command = line([program, file, "--results", "again-\(file)"] + directory(facts))
            return PageRequest.Rerun(
                command: command, hint: "Save the records as \(file) first. \(hint(facts, command))",
                doesAll: false)
        }
        let isOne = source.results.count == 1
        let journal = isOne ? first : newName(besides: source.results)
        let run = line(
            [program], paths: manifests.map(\.text),
            ["--results", path(journal), "--resume"] + directory(facts) + shard(facts))
        let merge = line([program, "merge", "--results", journal], paths: source.results)
        // The merge says 75, for some records are to be run again. After any other failure there is nothing to resume.
        let command = isOne ? run : "\(merge) || [ $? = 75 ] &&\n\(run)"
        return PageRequest.Rerun(command: command, hint: hint(facts, command), doesAll: true)
    }

    private static let program = "pictory-fetch"

    /// The name of a file that is none of these.
    private static func newName(besides results: [String]) -> String {
        let taken = Set(results.map { ExactText(TypedPath.lastName(of: $0)) })
        let first = "all.jsonl"
        guard taken.contains(ExactText(first)) else { return first }
        return (2...taken.count + 2).lazy.map { "all-\($0).jsonl" }.first { !taken.contains(ExactText($0)) } ?? first
    }

    private static func hint(_ facts: RerunFacts, _ command: String) -> String {
        let flags = facts.hasNamedImages ? "--name and --api-url" : "--api-url"
        let hint = "Add the further flags of the run, such as \(flags), unless they stand in its settings."
        return command.utf8.contains(UInt8(ascii: "$")) && command.contains("$'")
            ? "\(hint) It is for bash, zsh, or another shell that knows $'…'." : hint
    }

    private static func directory(_ facts: RerunFacts) -> [String] {
        guard case .one(let directory) = facts.directory, directory.text != "images" else { return [] }
        return ["--output-dir", path(directory.text)]
    }

    private static func shard(_ facts: RerunFacts) -> [String] {
        guard case .one(let shard?) = facts.shard else { return [] }
        return ["--shard", "\(shard)"]
    }

    private static func line(_ words: [String], paths: [String] = [], _ more: [String] = []) -> String {
        (words + paths.map(path) + more).map(ShellWord.quoted).joined(separator: " ")
    }

    /// A path that the program takes for no flag, no subcommand and not for standard input.
    private static func path(_ path: String) -> String {
        PictoryFetch.subcommandNames.contains(path) ? "./\(path)" : ShellWord.path(path)
    }
}
