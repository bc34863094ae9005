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
            var merge = ResultsMerge(
                of: command.results, temporaryDirectory: try temporaryDirectory(), words: \.sentence,
                tell: { if !command.quiet { output.tell(.error, $0) } })
            merge.read()
            let startedAt = Timestamp.now
            let totals = try translating { () throws(MergeError) in
                let totals =
                    if let manifest {
                        try merge.write(to: &records, along: manifest, now: startedAt)
                    } else {
                        try merge.write(to: &records)
                    }
                try records.finish(durability: .full)
                return totals
            }
            let span = merge.span ?? startedAt...startedAt
            let report = RunReport(
                summary: totals, stop: nil, failure: nil, manifestExhausted: true,
                unreadable: merge.unreadable + (manifest?.unreadable ?? []),
                elapsed: .milliseconds(span.upperBound.milliseconds - span.lowerBound.milliseconds))
            let account = RunAccount(
                of: report, tolerating: command.tolerate.tolerance,
                manifests: command.manifest.isEmpty ? merge.manifests : command.manifest, results: command.output,
                version: PictoryFetch.version, startedAt: span.lowerBound, finishedAt: span.upperBound, toldAt: .now,
                exitStatus: { ExitStatus($0).code })
            return conclude(
                account, command.output == "-" ? .records : .resumeOfMerged, files, isQuiet: command.quiet,
                tellsSuccess: false, output: output)
        }
    }

    /// Turns what ends a merge into what ends the program.
    private static func translating<Part>(_ work: () throws(MergeError) -> Part) throws -> Part {
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
