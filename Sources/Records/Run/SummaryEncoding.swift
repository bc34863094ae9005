import FetchCore
public import JSONBridge

/// The spelling of a run's totals: one JSON object.
///
/// Every status and every action is there, also with 0; of the codes only those that occurred.
public enum SummaryEncoding {
    /// The version of this spelling.
    static let version = 1

    public static func object(for account: RunAccount) -> JSONOutput {
        let report = account.report
        let totals = report.summary
        var fields: [(name: String, value: JSONOutput)] = [
            ("v", .integer(version)),
            ("program_version", .string(account.version)),
            ("started_at", .string(account.startedAt.rfc3339)),
            ("finished_at", .string(account.finishedAt.rfc3339)),
            ("elapsed_ms", .integer(Int(report.elapsed.wholeMilliseconds))),
            ("exit_status", .integer(Int(account.exitStatus))),
        ]
        if let end = EarlyEnd(of: report) {
            fields.append(("stopped_by", .string(end.kind.rawValue)))
            fields.append(("stop_reason", .string(end.reason)))
        }
        fields += [
            ("manifests", .array(account.manifests.map(JSONOutput.string))),
            ("manifests_exhausted", .bool(report.manifestExhausted)),
            ("unreadable", .array(report.unreadable.map(JSONOutput.string))),
            ("results", .string(account.results)),
            ("records", .integer(totals.records)),
            ("by_status", counts(RecordStatus.allCases, totals.count(of:))),
            ("by_action", counts(RetryAdvice.Action.allCases, totals.count(of:))),
            ("by_code", counts(FailureCode.allCases.filter { totals.count(of: $0) > 0 }, totals.count(of:))),
            ("settled", counts(RecordStatus.allCases, totals.settled(as:))),
            ("tolerated", .integer(account.tolerated)),
            ("polls", .integer(totals.polls)),
            ("downloads", .integer(totals.downloads)),
            ("bytes", .integer(Int(totals.bytes))),
        ]
        // A sum beyond all numbers of JSON is left out.
        if let credits = JSONNumber(text: DecimalText.spelling(totals.creditsUsed)) {
            fields.append(("credits_used", .number(credits)))
        }
        return .object(fields)
    }

    private static func counts<Key: RawRepresentable<String>>(
        _ keys: [Key], _ count: (Key) -> Int
    ) -> JSONOutput {
        .object(keys.map { ($0.rawValue, .integer(count($0))) })
    }
}

extension RunSummary {
    /// How many records have this code.
    fileprivate func count(of code: FailureCode) -> Int {
        failures.reduce(0) { $0 + ($1.key.code == code ? $1.value : 0) }
    }
}

/// Sums of decimal numbers, spelled without the noise that binary fractions bring.
enum DecimalText {
    /// At most six decimals, and none for a whole number: 0.1 + 0.2 is `0.3`.
    static func spelling(_ value: Double) -> String {
        let millionths = (value * 1e6).rounded()
        // Beyond 2^53 millionths there is no noise of this kind, and infinity has no digits at all.
        guard millionths.magnitude < 0x1p53 else { return "\(value)" }
        let text = "\(millionths / 1e6)"
        if text.hasSuffix(".0") { return String(text.dropLast(2)) }
        return text
    }
}
