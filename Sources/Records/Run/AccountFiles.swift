public import FetchCore
public import Files
import JSONBridge

/// The files that are written when a run is over: its summary as JSON, and its metrics for Prometheus.
public struct AccountFiles: Sendable {
    private enum Form {
        case summary
        case metrics

        /// How the file is called in a sentence.
        var noun: String {
            switch self {
            case .summary: "the summary file"
            case .metrics: "the metrics file"
            }
        }

        var mode: UInt32 {
            switch self {
            case .summary: 0o666
            // Who collects the metrics is another user, and no other user is to write them.
            case .metrics: 0o644
            }
        }
    }

    private let files: [(form: Form, file: ReplacedFile)]

    /// Makes sure that both can be written at the end; what they hold stays until then.
    public static func prepare(
        summary: String?, metrics: String?, durability: Durability
    ) throws(OutputError) -> AccountFiles {
        var files: [(Form, ReplacedFile)] = []
        for (form, path) in paths(summary, metrics) {
            let file = try ReplacedFile(path, noun: form.noun, mode: form.mode, durability: durability)
            files.append((form, file))
        }
        return AccountFiles(files: files)
    }

    /// Why the files cannot be written, as ``prepare(summary:metrics:durability:)`` would say of each; changes nothing.
    public static func errors(summary: String?, metrics: String?) -> [OutputError] {
        paths(summary, metrics).compactMap { form, path in
            do throws(OutputError) {
                try ReplacedFile.check(path, noun: form.noun)
                return nil
            } catch {
                return error
            }
        }
    }

    private static func paths(_ summary: String?, _ metrics: String?) -> [(form: Form, path: String)] {
        [(.summary, summary), (.metrics, metrics)].compactMap { form, path in path.map { (form, $0) } }
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
                    try file.replace(with: SummaryEncoding.object(for: account).line())
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
