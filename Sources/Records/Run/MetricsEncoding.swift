import FetchCore

/// The spelling of a run's totals for Prometheus: its text exposition format, version 0.0.4.
///
/// Every sample has the label `run`, which is the file's name without `.prom`: the textfile collector refuses samples
/// of two files that differ in nothing.
enum MetricsEncoding {
    /// When a run ended with 0 for the last time.
    static let lastSuccess = prefix + lastSuccessName
    private static let lastSuccessName = "last_success_timestamp_seconds"
    private static let prefix = "pictory_fetch_"

    static func text(for account: RunAccount, run: String, lastSuccess: Timestamp?) -> String {
        metrics(of: account, lastSuccess: lastSuccess).filter { !$0.samples.isEmpty }.map { metric in
            let samples = metric.samples.map { sample in
                sampleStart(metric.name + sample.suffix, run: run, labels: sample.labels) + sample.value + "\n"
            }
            return "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
                + samples.joined()
        }.joined()
    }

    /// A sample's line up to its value.
    static func sampleStart(_ name: String, run: String, labels: [(String, String)] = []) -> String {
        let labels = ([("run", run)] + labels).map { "\($0)=\"\(escaped($1))\"" }
        return "\(name){\(labels.joined(separator: ","))} "
    }

    private struct Metric {
        enum Kind: String {
            case gauge, histogram
        }

        let name: String
        let help: String
        let kind: Kind
        let samples: [Sample]

        /// One line, whose name is that of the metric with the suffix.
        struct Sample {
            var suffix = ""
            var labels: [(String, String)] = []
            let value: String
        }

        init(_ name: String, _ help: String, _ samples: [(labels: [(String, String)], value: String)]) {
            self.name = MetricsEncoding.prefix + name
            self.help = help
            kind = .gauge
            self.samples = samples.map { Sample(labels: $0.labels, value: $0.value) }
        }

        /// How many records had a time up to each bound, how many there were, and the sum.
        init(_ name: String, _ help: String, _ times: DurationHistogram) {
            self.name = MetricsEncoding.prefix + name
            self.help = help
            kind = .histogram
            let bounds = times.bounds.map { DecimalText.spelling($0 / .seconds(1)) } + ["+Inf"]
            let buckets = zip(bounds, times.cumulativeCounts + [times.count]).map { bound, count in
                Sample(suffix: "_bucket", labels: [("le", bound)], value: "\(count)")
            }
            let sum = MetricsEncoding.seconds(times.sum.wholeMilliseconds)
            samples = buckets + [Sample(suffix: "_sum", value: sum), Sample(suffix: "_count", value: "\(times.count)")]
        }

        init(_ name: String, _ help: String, _ value: String) {
            self.init(name, help, [([], value)])
        }
    }

    private static func metrics(of account: RunAccount, lastSuccess: Timestamp?) -> [Metric] {
        let report = account.report
        let totals = report.summary
        let groups = Dictionary(
            totals.failures.map { (Failure(code: $0.key.code, action: $0.key.action), $0.value) }, uniquingKeysWith: +
        ).sorted { ($0.key.code.rawValue, $0.key.action.rawValue) < ($1.key.code.rawValue, $1.key.action.rawValue) }
        return [
            Metric("info", "The program that ran last.", [([("version", account.version)], "1")]),
            Metric(
                "jobs", "Records that the last run wrote, by status.",
                RecordStatus.allCases.map { ([("status", $0.rawValue)], "\(totals.count(of: $0))") }),
            Metric(
                "jobs_settled", "Manifest lines that runs before the last one had settled, by status.",
                RecordStatus.allCases.map { ([("status", $0.rawValue)], "\(totals.settled(as: $0))") }),
            Metric(
                "retries_advised", "Records of the last run without an image, by what to do about them.",
                RetryAdvice.Action.allCases.map { ([("action", $0.rawValue)], "\(totals.count(of: $0))") }),
            Metric(
                "failures", "Records of the last run without an image, by failure code and what to do about them.",
                groups.map { group, count in
                    ([("code", group.code.rawValue), ("action", group.action.rawValue)], "\(count)")
                }),
            Metric("image_bytes", "Bytes of the images that the last run downloaded.", "\(totals.bytes)"),
            Metric("polls", "Requests to the API in the last run.", "\(totals.polls)"),
            Metric("downloads", "Requests for images in the last run.", "\(totals.downloads)"),
            Metric(
                "waited_seconds", "From the first poll of a job to the reply that it is completed, in the last run.",
                totals.waits),
            Metric(
                "download_seconds", "From the request for an image to its last byte, in the last run.",
                totals.downloadTimes),
            Metric(
                "credits_used", "AI credits that the API names for the images of the last run.",
                totals.creditsUsed.isFinite ? [([], DecimalText.spelling(totals.creditsUsed))] : []),
            Metric(
                "unreadable_manifests", "Manifests that the last run could not read to their end.",
                "\(report.unreadable.count)"),
            Metric(
                "run_duration_seconds", "How long the last run took.", seconds(report.elapsed.wholeMilliseconds)),
            Metric("exit_status", "Exit status of the last run.", "\(account.exitStatus)"),
            Metric(
                "last_run_timestamp_seconds", "When the last run ended.", seconds(account.toldAt.milliseconds)),
            Metric(
                lastSuccessName, "When a run ended with exit status 0 for the last time.",
                lastSuccess.map { [([], seconds($0.milliseconds))] } ?? []),
        ]
    }

    private struct Failure: Hashable {
        let code: FailureCode
        let action: RetryAdvice.Action
    }

    /// Seconds with three decimals. Nothing here lies before 1970, and no duration is negative.
    static func seconds(_ milliseconds: Int64) -> String {
        let fraction = String(max(milliseconds, 0) % 1000)
        return "\(max(milliseconds, 0) / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    /// A label's value may hold anything else as it is.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
