import FetchCore
import Files
import Glibc
import Logging
import Manifests
import Records

extension Composition {
    /// Reads all results, then writes the records that count, and last what there is to tell of the whole.
    static func merge(_ command: MergeCommand) async -> ExitStatus {
        await concluding { output in
            // Whoever asks all of these programs for a progress line ends none.
            signal(SIGUSR1, SIG_IGN)
            let manifest = try refusing(.manifestUnreadable) {
                try command.manifest.isEmpty ? nil : ManifestFiles.open(command.manifest)
            }
            try refusing(.outputRefused) {
                try OutputPlaces(
                    results: command.output, lock: nil, summary: command.summary, metrics: command.metrics
                ).check(
                    manifests: command.manifest,
                    // One that is not there is no output of this program either.
                    results: command.results.filter { (try? stat(ofInput: $0)) != nil })
            }
            let files = try refusing(.outputRefused) {
                try AccountFiles.prepare(summary: command.summary, metrics: command.metrics, durability: .full)
            }
            var records = try refusing(.outputRefused) {
                try MergedOutput(command.output, replacing: command.force)
            }
            var merge = try Self.merge(of: command.results) { if !command.quiet { output.tell(.error, $0) } }
            merge.read()
            // With nothing to merge, a file that is there stays as it is.
            guard !merge.isEmpty || merge.unreadable.isEmpty else { throw unreadable(merge.unreadable) }
            let startedAt = Timestamp.now
            let totals = try translating { () throws(MergeError) in
                let totals =
                    if let manifest {
                        try merge.write(to: &records, along: manifest, now: startedAt)
                    } else {
                        try merge.write(to: &records)
                    }
                return totals
            }
            // An account of a part of the lines is none.
            if let reasons = manifest?.unreadable, !reasons.isEmpty { throw unreadable(merge.unreadable + reasons) }
            try translating { () throws(MergeError) in try records.finish(durability: .full) }
            let span = merge.span ?? startedAt...startedAt
            let report = RunReport(
                summary: totals, stop: nil, failure: nil, manifestExhausted: true,
                unreadable: merge.unreadable,
                elapsed: .milliseconds(span.upperBound.milliseconds - span.lowerBound.milliseconds))
            let account = RunAccount(
                of: report, tolerating: command.tolerate?.tolerance ?? .none,
                manifests: command.manifest.isEmpty ? merge.manifests : command.manifest, results: command.output,
                version: PictoryFetch.version, startedAt: span.lowerBound, finishedAt: span.upperBound, toldAt: .now,
                exitStatus: { ExitStatus($0).code })
            if command.quiet { merge.unreadable.forEach { output.tell(.error, $0) } }
            return conclude(
                account, command.output == "-" ? .records : .resumeOfMerged, files, isQuiet: command.quiet,
                tellsSuccess: false, output: output)
        }
    }

    /// What reads results and finds the record that counts of each job; `tell` gets what is passed over.
    static func merge(of results: [String], tell: @escaping (String) -> Void) throws(StartError) -> ResultsMerge {
        ResultsMerge(
            of: results, temporaryDirectory: try temporaryDirectory(),
            mostOpen: min(200, SystemLimits.atStart.openFiles.free - 16), words: \.sentence, tell: tell)
    }

    /// Ends a merge of which nothing is to be had.
    static func unreadable(_ reasons: [String]) -> StartError {
        StartError(status: .manifestUnreadable, message: reasons.joined(separator: "\n"))
    }

    /// Turns what ends a merge into what ends the program.
    static func translating<Part>(_ work: () throws(MergeError) -> Part) throws -> Part {
        do {
            return try work()
        } catch {
            switch error {
            case .resultsChanged(let reason): throw StartError(status: .manifestUnreadable, message: reason)
            case .output(let failure): throw failure
            }
        }
    }

    /// Where files without a name may lie.
    private static func temporaryDirectory() throws(StartError) -> String {
        let named = try Invocation.environment()["TMPDIR"] ?? ""
        return named.isEmpty ? "/tmp" : named
    }
}
