public import FetchCore
public import Files
import JSONBridge

/// The files that are written when a run is over: its summary as JSON, and its metrics for Prometheus.
public struct AccountFiles: Sendable {
    private enum Form {
        case summary
        case metrics
    }

    private let files: [(form: Form, file: ReplacedFile)]

    /// Makes sure that both can be written at the end; what they hold stays until then.
    public static func prepare(
        summary: String?, metrics: String?, durability: Durability
    ) throws(OutputError) -> AccountFiles {
        var files: [(Form, ReplacedFile)] = []
        if let summary {
            let file = try ReplacedFile(summary, noun: "the summary file", mode: 0o666, durability: durability)
            files.append((.summary, file))
        }
        if let metrics {
            // Who collects the metrics is another user, and no other user is to write them.
            let file = try ReplacedFile(metrics, noun: "the metrics file", mode: 0o644, durability: durability)
            files.append((.metrics, file))
        }
        return AccountFiles(files: files)
    }

    /// Replaces both files. Returns how the run ends, and a sentence for each file that could not be written. Blocks.
    ///
    /// A file that cannot be written changes the exit status. The other one, which tells the status, is then written again.
    public func write(_ account: RunAccount) -> (end: RunEnd, errors: [String]) {
        // Read before anything is replaced, and once.
        let past = pastSuccess()
        var (written, errors) = Self.replace(files, with: account, pastSuccess: past)
        guard !errors.isEmpty else { return (account.end, []) }
        var worse = account
        worse.end = account.end.losingOutput
        if worse.end != account.end {
            errors += Self.replace(written, with: worse, pastSuccess: past).errors
        }
        return (worse.end, errors)
    }

    private static func replace(
        _ files: [(form: Form, file: ReplacedFile)], with account: RunAccount, pastSuccess: Timestamp?
    ) -> (written: [(form: Form, file: ReplacedFile)], errors: [String]) {
        var written: [(form: Form, file: ReplacedFile)] = []
        var errors: [String] = []
        for (form, file) in files {
            do throws(SystemError) {
                switch form {
                case .summary:
                    try file.replace(with: SummaryEncoding.object(for: account).encoded() + [UInt8(ascii: "\n")])
                case .metrics:
                    let success = account.end == .complete ? account.toldAt : pastSuccess
                    let text = MetricsEncoding.text(for: account, run: run(of: file), lastSuccess: success)
                    try file.replace(with: Array(text.utf8))
                }
                written.append((form, file))
            } catch {
                errors.append("\(file.noun) could not be written: \(error)")
            }
        }
        return (written, errors)
    }

    /// When a run ended well for the last time, by the metrics of earlier runs.
    private func pastSuccess() -> Timestamp? {
        guard let metrics = files.first(where: { $0.form == .metrics })?.file,
            let bytes = metrics.contents(limit: LastSuccess.sizeLimit)
        else { return nil }
        return LastSuccess.read(from: bytes, run: Self.run(of: metrics))
    }

    /// What tells the file's samples from those of other files: its name without the ending that collectors look for.
    private static func run(of file: ReplacedFile) -> String {
        let ending = ".prom"
        return file.name.hasSuffix(ending) ? String(file.name.dropLast(ending.count)) : file.name
    }
}
