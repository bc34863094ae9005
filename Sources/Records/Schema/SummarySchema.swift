import FetchCore
import JSONBridge

/// The schema of a run's totals, which ``SummaryEncoding`` writes.
enum SummarySchema {
    static let body: [JSONSchema.Member] =
        [
            ("title", .string("Totals of a run of pictory-fetch")),
            ("description", .string("What --summary writes at the end of every run that started.")),
        ]
        + JSONSchema.object(
            [
                ("v", JSONSchema.constant(.integer(SummaryEncoding.version))),
                ("program_version", JSONSchema.text),
                ("started_at", JSONSchema.moment),
                ("finished_at", JSONSchema.moment),
                ("elapsed_ms", JSONSchema.integer(from: 0)),
                ("exit_status", JSONSchema.integer(from: 0)),
                ("stopped_by", JSONSchema.oneOf(EarlyEnd.Kind.allCases)),
                ("stop_reason", JSONSchema.text),
                ("manifests", JSONSchema.array(of: JSONSchema.text)),
                ("manifests_exhausted", JSONSchema.boolean),
                ("unreadable", JSONSchema.array(of: JSONSchema.text)),
                ("results", JSONSchema.text),
                ("records", JSONSchema.integer(from: 0)),
                ("by_status", JSONSchema.counts(of: RecordStatus.allCases)),
                ("by_action", JSONSchema.counts(of: RetryAdvice.Action.allCases)),
                ("by_code", JSONSchema.counts(of: FailureCode.allCases, optional: true)),
                ("settled", JSONSchema.counts(of: RecordStatus.allCases)),
                ("tolerated", JSONSchema.integer(from: 0)),
                ("polls", JSONSchema.integer(from: 0)),
                ("downloads", JSONSchema.integer(from: 0)),
                ("bytes", JSONSchema.integer(from: 0)),
                ("credits_used", JSONSchema.number),
            ],
            optional: ["stopped_by", "stop_reason", "credits_used"])
        + [
            (
                "dependentRequired",
                .object([
                    ("stopped_by", JSONSchema.strings(["stop_reason"])),
                    ("stop_reason", JSONSchema.strings(["stopped_by"])),
                ])
            )
        ]
}
