public import FetchCore
import JSONBridge

/// The files that tell of a run once it is over: its summary as JSON, and its metrics for Prometheus.
public struct AccountFiles: Sendable {
    private let summary: ReplacedFile?
    private let metrics: ReplacedFile?

    /// Makes sure that both can be written at the end; what they hold stays until then.
    public static func prepare(
        summary: String?, metrics: String?, durability: Durability
    ) throws(OutputFault) -> AccountFiles {
        // Who collects the metrics is another user, and no other user is to write them.
        AccountFiles(
            summary: try prepare(summary, "the summary file", mode: 0o666, durability),
            metrics: try prepare(metrics, "the metrics file", mode: 0o644, durability))
    }

    private static func prepare(
        _ path: String?, _ noun: String, mode: UInt32, _ durability: Durability
    ) throws(OutputFault) -> ReplacedFile? {
        guard let path else { return nil }
        return try ReplacedFile(path, noun: noun, mode: mode, durability: durability)
    }

    /// Replaces both files. Returns how the run ends, and a sentence for each file that could not be written. Blocks.
    ///
    /// A file that is lost changes the exit status, and the other file is then written again: it tells the one that
    /// the program ends with.
    public func write(_ account: RunAccount) -> (status: ExitStatus, faults: [String]) {
        // Read before anything is replaced, and once.
        let past = pastSuccess()
        let faults = replace(with: account, pastSuccess: past)
        guard !faults.isEmpty else { return (account.exitStatus, []) }
        var worse = account
        worse.exitStatus = account.exitStatus.losingOutput
        if worse.exitStatus != account.exitStatus {
            // What fails again has been told.
            _ = replace(with: worse, pastSuccess: past)
        }
        return (worse.exitStatus, faults)
    }

    private func replace(with account: RunAccount, pastSuccess: Timestamp?) -> [String] {
        var faults: [String] = []
        func replace(_ file: ReplacedFile?, with bytes: (ReplacedFile) -> [UInt8]) {
            guard let file else { return }
            do {
                try file.replace(with: bytes(file))
            } catch {
                faults.append("\(file.noun) could not be written: \(error)")
            }
        }
        replace(summary) { _ in SummaryEncoding.object(for: account).encoded() + [UInt8(ascii: "\n")] }
        replace(metrics) { file in
            let success = account.exitStatus == .success ? account.finishedAt : pastSuccess
            return Array(MetricsEncoding.text(for: account, run: Self.run(file), lastSuccess: success).utf8)
        }
        return faults
    }

    private func pastSuccess() -> Timestamp? {
        guard let metrics, let bytes = metrics.contents(limit: LastSuccess.sizeLimit) else { return nil }
        return LastSuccess.read(from: bytes, run: Self.run(metrics))
    }

    /// What tells the file's samples from those of other files: its name without the ending that collectors look for.
    private static func run(_ file: ReplacedFile) -> String {
        let ending = ".prom"
        return file.name.hasSuffix(ending) ? String(file.name.dropLast(ending.count)) : file.name
    }
}
