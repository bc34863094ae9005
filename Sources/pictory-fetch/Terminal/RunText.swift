import FetchCore
import Records

/// The sentences that report a run to a person.
enum RunText {
    /// The summary at the end of a run: counts by status, bytes, time, and failures grouped by code, the most first,
    /// with what to do about each.
    static func summary(of run: RunReport, continuation: Continuation) -> String {
        let totals = run.summary
        var lines = ["pictory-fetch: \(counts(of: totals)) in \(Quantity.time(run.elapsed))"]
        if totals.settled > 0 {
            let hasFailed = totals.settled(as: .failed) + totals.settled(as: .invalid) > 0
            let hint = hasFailed ? "; their records say why" : ""
            lines.append("  settled by earlier runs: \(list(totals.settled(as:)))\(hint)")
        }
        lines += [images(totals), requests(totals)].compactMap { $0.map { "  \($0)" } }
        lines += failures(totals)
        if let stop = run.stop {
            lines.append("  \(sentence(for: stop))")
            if !run.manifestExhausted {
                lines.append("  The rest of the manifest was not read.")
            }
        }
        lines += run.unreadable.map { "  \($0)" }
        switch run.failure {
        case .resultsNotWritten(let reason): lines.append("  \(reason)")
        case .resultsClosed, nil: break
        }
        let more = totals.count(of: .rerun)
        // What waits for a correction, such as of the key, is done by the same command too.
        let isPending = totals.count(of: .pending) > 0 && continuation != .records
        if run.failure == nil, more > 0 || isPending || !run.manifestExhausted {
            let jobs = more > 0 ? " (\(Quantity.counted(more, "job")) to try again)" : ""
            lines.append("  \(continuation.sentence)\(jobs).")
        }
        return lines.joined(separator: "\n")
    }

    private static func images(_ totals: RunSummary) -> String? {
        guard totals.count(of: .downloaded) > 0 || totals.creditsUsed > 0 else { return nil }
        let credits = totals.creditsUsed > 0 ? ", \(Quantity.number(totals.creditsUsed)) credits used" : ""
        return "images: \(Quantity.bytes(totals.bytes))\(credits)"
    }

    private static func requests(_ totals: RunSummary) -> String? {
        guard totals.polls + totals.downloads > 0 else { return nil }
        let polls = Quantity.counted(totals.polls, "poll")
        let mean = Quantity.number(Double(totals.polls) / Double(max(totals.polledJobs, 1)))
        let each = totals.mostPolls > 1 ? " (\(mean) a job, at most \(Quantity.count(totals.mostPolls)))" : ""
        return "requests: \(polls)\(each), \(Quantity.counted(totals.downloads, "download"))"
    }

    private static func failures(_ totals: RunSummary) -> [String] {
        let groups = totals.failures.filter { $0.key.code != .duplicateJobID }.sorted { left, right in
            (-left.value, left.key.code.rawValue, left.key.reason.sentence)
                < (-right.value, right.key.code.rawValue, right.key.reason.sentence)
        }
        let width = groups.map { Quantity.count($0.value).count }.max() ?? 0
        return groups.map { group, count in
            let number = Quantity.count(count)
            let space = String(repeating: " ", count: width - number.count)
            return "  \(space)\(number) × \(group.code.rawValue) → \(group.action.rawValue): \(group.reason.sentence)"
        }
    }

    /// Who is asked at this stage, as the beginning of a sentence.
    static func origin(of stage: JobFailure.Stage) -> String { stage == .poll ? "the API" : "the image host" }

    /// Why a run stopped early.
    static func sentence(for stop: StopReason) -> String {
        switch stop {
        case .deadline: "Stopped: the deadline passed."
        case .credentials(let answer): "Stopped: the API rejects the key. \(answer.message)"
        case .storage(let failure): "Stopped: storage failed. \(failure.message)"
        case .signal(let number): "Stopped by \(StopReason.signalName(number))."
        }
    }

    /// One record, for `--verbose`.
    static func line(for record: JobRecord) -> String {
        let name = record.jobID?.description ?? "\(record.entry.manifest) line \(record.entry.line)"
        switch record.outcome {
        case .downloaded(let image, _):
            return
                "\(name): downloaded \(image.path), \(image.width)×\(image.height), \(Quantity.bytes(Int64(image.bytes)))"
        case .pending(let failure), .failed(let failure), .invalid(let failure), .duplicate(_, let failure):
            return "\(name): \(record.outcome.status.rawValue), \(failure.code.rawValue): \(failure.message)"
        }
    }

    private static func counts(of totals: RunSummary) -> String {
        let parts = list(totals.count(of:))
        let lines = Quantity.counted(totals.records, "record")
        return parts.isEmpty ? lines : "\(lines): \(parts)"
    }

    /// The statuses with a count above 0: `21 downloaded, 1 pending`.
    static func list(_ count: (RecordStatus) -> Int) -> String {
        RecordStatus.allCases.filter { count($0) > 0 }.map { "\(Quantity.count(count($0))) \($0.rawValue)" }
            .joined(separator: ", ")
    }
}

/// How what is left of a run can be done, as its command has it.
enum Continuation {
    /// The results are a file and this run has resumed it.
    case sameCommand
    /// The results are a file that was new.
    case resume
    /// The results are a file that was emptied.
    case resumeInsteadOfForce
    /// The results went to standard output.
    case records
    /// The results are a file that was merged from others.
    case resumeOfMerged

    init(_ configuration: RunConfiguration) {
        switch configuration.existingResults {
        case _ where configuration.results == "-": self = .records
        case .resumed: self = .sameCommand
        case .refused: self = .resume
        case .replaced: self = .resumeInsteadOfForce
        }
    }

    var sentence: String {
        switch self {
        case .sameCommand: "The same command again does the rest"
        case .resume: "The same command with --resume does the rest"
        case .resumeInsteadOfForce: "The same command with --resume in place of --force does the rest"
        case .resumeOfMerged: "A run over the whole, with --resume and the merged file as --results, does the rest"
        case .records: "Records are a manifest: those that say rerun can be given to another run"
        }
    }
}
