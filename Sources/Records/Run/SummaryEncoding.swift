import FetchCore
public import JSONBridge

/// The spelling of a run's totals: one JSON object, with the fields of ``SummaryFields``.
public enum SummaryEncoding {
    public static func object(for account: RunAccount) -> JSONOutput {
        .object(SummaryFields.all.compactMap { field in field.value(account).map { (field.name, $0) } })
    }
}

/// One field of a run's totals: its name, what the JSON Schema says of its value, and where its value comes from.
struct SummaryField: Sendable {
    let name: String
    let schema: JSONOutput
    /// Every summary has the field.
    let isRequired: Bool
    /// The field's value in the totals of a run; nil where they have no such field.
    let value: @Sendable (RunAccount) -> JSONOutput?

    init(_ name: String, _ schema: JSONOutput, value: @escaping @Sendable (RunAccount) -> JSONOutput) {
        self.name = name
        self.schema = schema
        isRequired = true
        self.value = value
    }

    init(optional name: String, _ schema: JSONOutput, value: @escaping @Sendable (RunAccount) -> JSONOutput?) {
        self.name = name
        self.schema = schema
        isRequired = false
        self.value = value
    }
}

/// The fields of a run's totals, each once: what is written and what the schema says follow from this table.
///
/// Every status and every action is there, also with 0; of the codes only those that occurred.
enum SummaryFields {
    /// The version of this table.
    static let versionNumber = 1

    /// In the order in which they are written.
    static let all: [SummaryField] = [
        SummaryField("v", JSONSchema.constant(.integer(versionNumber))) { _ in .integer(versionNumber) },
        SummaryField("program_version", JSONSchema.text) { .string($0.version) },
        SummaryField("started_at", JSONSchema.moment) { .string($0.startedAt.rfc3339) },
        SummaryField("finished_at", JSONSchema.moment) { .string($0.finishedAt.rfc3339) },
        SummaryField("elapsed_ms", JSONSchema.integer(from: 0)) { .integer(Int($0.report.elapsed.wholeMilliseconds)) },
        SummaryField("exit_status", JSONSchema.integer(from: 0)) { .integer(Int($0.exitStatus)) },
        stoppedBy, stopReason,
        SummaryField("manifests", JSONSchema.array(of: JSONSchema.text)) {
            .array($0.manifests.map(JSONOutput.string))
        },
        SummaryField("manifests_exhausted", JSONSchema.boolean) { .bool($0.report.manifestExhausted) },
        SummaryField("unreadable", JSONSchema.array(of: JSONSchema.text)) {
            .array($0.report.unreadable.map(JSONOutput.string))
        },
        SummaryField("results", JSONSchema.text) { .string($0.results) },
        SummaryField("records", JSONSchema.integer(from: 0)) { .integer($0.report.summary.records) },
        SummaryField("by_status", JSONSchema.counts(of: RecordStatus.allCases)) { account in
            counts(RecordStatus.allCases, account.report.summary.count(of:))
        },
        SummaryField("by_action", JSONSchema.counts(of: RetryAdvice.Action.allCases)) { account in
            counts(RetryAdvice.Action.allCases, account.report.summary.count(of:))
        },
        SummaryField("by_code", JSONSchema.counts(of: FailureCode.allCases, optional: true)) { account in
            let totals = account.report.summary
            return counts(FailureCode.allCases.filter { totals.count(of: $0) > 0 }, totals.count(of:))
        },
        SummaryField("settled", JSONSchema.counts(of: RecordStatus.allCases)) { account in
            counts(RecordStatus.allCases, account.report.summary.settled(as:))
        },
        SummaryField("tolerated", JSONSchema.integer(from: 0)) { .integer($0.tolerated) },
        SummaryField("polls", JSONSchema.integer(from: 0)) { .integer($0.report.summary.polls) },
        SummaryField("downloads", JSONSchema.integer(from: 0)) { .integer($0.report.summary.downloads) },
        SummaryField("bytes", JSONSchema.integer(from: 0)) { .integer(Int($0.report.summary.bytes)) },
        // A sum beyond all numbers of JSON is left out.
        SummaryField(optional: "credits_used", JSONSchema.number) { account in
            JSONNumber(text: DecimalText.spelling(account.report.summary.creditsUsed)).map(JSONOutput.number)
        },
    ]

    /// This and the next are there together, if the run was stopped early.
    static let stoppedBy = SummaryField(optional: "stopped_by", JSONSchema.oneOf(EarlyEnd.Kind.allCases)) { account in
        EarlyEnd(of: account.report).map { .string($0.kind.rawValue) }
    }
    static let stopReason = SummaryField(optional: "stop_reason", JSONSchema.text) { account in
        EarlyEnd(of: account.report).map { .string($0.reason) }
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
