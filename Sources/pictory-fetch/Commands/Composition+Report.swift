import FetchCore
import Files
import Glibc
import Logging
import Records
import Report

extension Composition {
    /// Reads all results, then writes a page about them.
    static func report(_ command: ReportCommand) async -> ExitStatus {
        await concluding { output in
            // Whoever asks all of these programs for a progress line ends none.
            signal(SIGUSR1, SIG_IGN)
            let inputs = command.results + command.history
            try refusing(.outputRefused) {
                // What is not there is no output of this program either.
                try OutputPlaces(page: command.output).check(
                    manifests: [], results: inputs.filter { (try? stat(ofInput: $0)) != nil })
            }
            let place = try refusing(.outputRefused) { try pagePlace(command.output) }
            var page = try refusing(.outputRefused) {
                try MergedOutput(command.output, noun: "the page", replacing: command.force)
            }
            let nights = summaries(command.history)
            var notices: [String] = []
            var merge = try Self.merge(of: command.results) {
                notices.append($0)
                output.tell(.error, $0)
            }
            merge.read()
            var reasons = merge.unreadable + nights.unreadable
            if !merge.unreadable.isEmpty { reasons += misplacedSummaries(command.results) }
            guard !merge.isEmpty || merge.unreadable.isEmpty else { throw unreadable(reasons) }
            for reason in reasons { output.tell(.error, reason) }
            let source = RerunCommand.Source(results: command.results)
            let request = PageRequest(
                title: command.title, history: nights.read, place: place, notices: reasons + notices,
                width: min(Self.mostPackers, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
                rerun: { RerunCommand.rerun(source, $0, savedAs: $1) })
            try translating { () throws(MergeError) in
                try ReportPage.write(&merge, as: request, to: &page)
                try page.finish(durability: .full)
            }
            if output.isTerminal, command.output != "-" { output.say("pictory-fetch: the page is \(command.output)") }
            return reasons.isEmpty ? .success : .manifestUnreadable
        }
    }

    /// Each packer has some megabytes of records in memory.
    private static let mostPackers = 8

    /// Where the page is to lie, by the path that somebody has typed for it.
    private static func pagePlace(_ path: String) throws(SystemError) -> PagePlace {
        let here = try workingDirectory()
        guard path != "-" else { return PagePlace(directory: here, workingDirectory: here) }
        let parent = TypedPath.parent(of: path)
        let typed = parent.utf8.first == UInt8(ascii: "/") ? parent : TypedPath.joined(here, parent)
        var steps = typed.split(separator: "/").filter { $0 != "." }
        // Where such a step leads is for the system to say: a directory before it may be a link.
        if steps.contains("..") { steps = try resolved(typed).split(separator: "/") }
        return PagePlace(directory: "/" + steps.joined(separator: "/"), workingDirectory: here)
    }

    private static func workingDirectory() throws(SystemError) -> String { try resolved(".") }

    private static func resolved(_ path: String) throws(SystemError) -> String {
        guard let resolved = realpath(path, nil) else { throw SystemError.last }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The totals of nights before. As with results, one that cannot be read keeps nobody from the rest.
    private static func summaries(_ paths: [String]) -> (read: [PastSummary], unreadable: [String]) {
        var (read, unreadable): ([PastSummary], [String]) = ([], [])
        for path in paths {
            do throws(SmallFileError) {
                if let summary = try summary(path) {
                    read.append(summary)
                } else {
                    unreadable.append("the summary \(path) is none that run --summary has written")
                }
            } catch {
                unreadable.append("the summary \(path) cannot be read: \(error)")
            }
        }
        return (read, unreadable)
    }

    /// Nil for a file that is no summary.
    private static func summary(_ path: String) throws(SmallFileError) -> PastSummary? {
        PastSummary(try SmallFile.read(path, limit: PastSummary.sizeLimit))
    }

    /// What to do about summaries among the results: `--history *.json` gives the flag the first file alone.
    private static func misplacedSummaries(_ results: [String]) -> [String] {
        results.filter { path in
            // What is no file may be read once. What cannot be read is none.
            guard path != "-", (try? stat(ofPath: path))?.isRegularFile == true else { return false }
            return (try? summary(path)) != nil
        }
        .map { "\($0) looks like a summary: --history is given for each one, as in --history a.json --history b.json" }
    }
}
