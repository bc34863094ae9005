import FetchCore

/// The words in which a run is told to a person.
enum Report {
    /// The summary at the end of a run: counts by status, bytes, time, and failures grouped by code.
    static func summary(of run: RunReport) -> String {
        let totals = run.summary
        var lines = ["pictory-fetch: \(counts(of: totals)) in \(time(run.elapsed))"]
        if totals.settled > 0 {
            lines.append("  settled by earlier runs: \(list(totals.settled(as:)))")
        }
        if totals.count(of: .downloaded) > 0 {
            var line = "  images: \(bytes(totals.bytes))"
            if totals.creditsUsed > 0 {
                line += ", \(number(totals.creditsUsed)) credits"
            }
            lines.append(line)
        }
        if totals.polls + totals.downloads > 0 {
            lines.append("  requests: \(counted(totals.polls, "poll")), \(counted(totals.downloads, "download"))")
        }
        let groups = totals.failures.filter { $0.key.code != .duplicateJobID }.sorted { left, right in
            (-left.value, left.key.code.rawValue, left.key.reason)
                < (-right.value, right.key.code.rawValue, right.key.reason)
        }
        for (group, count) in groups {
            lines.append("  \(count) × \(group.code.rawValue) → \(group.action.rawValue): \(group.reason)")
        }
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
        return lines.joined(separator: "\n")
    }

    /// Why a run stopped early.
    static func sentence(for stop: StopReason) -> String {
        switch stop {
        case .deadline: "Stopped: the deadline passed."
        case .credentials(let answer): "Stopped: the API rejects the key. \(answer.message)"
        case .storage(let failure): "Stopped: storage failed. \(failure.message)"
        case .signal(let number): "Stopped by \(StopReason.name(ofSignal: number))."
        }
    }

    /// How things stand, in one line of plain text.
    static func progress(_ progress: Progress, elapsed: Duration) -> String {
        let totals = progress.summary
        let missing = totals.count(of: .failed) + totals.count(of: .pending) + totals.count(of: .invalid)
        var text = "\(totals.records + totals.settled)/\(progress.read)\(progress.manifestEnded ? "" : "+") done"
        text += ", \(progress.inFlight) in flight, \(progress.waiting) waiting"
        text += missing > 0 ? ", \(missing) without image" : ""
        text += ", \(bytes(totals.bytes))"
        text += progress.pace.map { ", at most \(number($0)) polls/s" } ?? ""
        return text + ", \(time(elapsed))"
    }

    /// One record, for `--verbose`.
    static func line(for record: JobRecord) -> String {
        let name = record.jobID?.description ?? "\(record.entry.manifest) line \(record.entry.line)"
        switch record.outcome {
        case .downloaded(let image):
            return "\(name): downloaded \(image.path), \(image.width)×\(image.height), \(bytes(Int64(image.bytes)))"
        case .pending(let failure), .failed(let failure), .invalid(let failure), .duplicate(_, let failure):
            return "\(name): \(record.outcome.status.rawValue), \(failure.code.rawValue): \(failure.message)"
        }
    }

    private static func counts(of totals: RunSummary) -> String {
        let parts = list(totals.count(of:))
        let lines = counted(totals.records, "record")
        return parts.isEmpty ? lines : "\(lines): \(parts)"
    }

    /// The statuses that there are any of: `21 downloaded, 1 pending`.
    private static func list(_ count: (RecordStatus) -> Int) -> String {
        RecordStatus.allCases.filter { count($0) > 0 }.map { "\(count($0)) \($0.rawValue)" }.joined(separator: ", ")
    }

    private static func counted(_ count: Int, _ thing: String) -> String {
        "\(count) \(thing)\(count == 1 ? "" : "s")"
    }

    /// Bytes with a unit, one decimal: `13.4 MB`.
    static func bytes(_ count: Int64) -> String {
        let units = ["kB", "MB", "GB", "TB"]
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count)
        var unit = "B"
        for next in units where value >= 1000 {
            value /= 1000
            unit = next
        }
        return "\(number(value)) \(unit)"
    }

    /// A length of time as a person says it: `0.4 s`, `12.3 s`, `4 m 05 s`, `2 h 03 m`.
    static func time(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        switch seconds {
        case ..<60: return "\(number(duration / .seconds(1))) s"
        case ..<3600: return "\(seconds / 60) m \(twoDigits(seconds % 60)) s"
        default: return "\(seconds / 3600) h \(twoDigits(seconds / 60 % 60)) m"
        }
    }

    /// At most one decimal.
    private static func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        guard tenths.magnitude < 1e15 else { return "\(value)" }
        let whole = Int(tenths)
        return whole % 10 == 0 ? "\(whole / 10)" : "\(whole / 10).\(whole.magnitude % 10)"
    }

    private static func twoDigits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
