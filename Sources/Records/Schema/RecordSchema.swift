import FetchCore
import JSONBridge

/// The schema of a result record, which ``RecordEncoding`` writes.
enum RecordSchema {
    static let body: [JSONSchema.Member] =
        [
            ("title", .string("Result record of pictory-fetch")),
            ("description", .string("How one line of a manifest ended in one run.")),
        ]
        + JSONSchema.object(
            properties,
            optional: [
                "image", "ai_credits_used", "error", "retry", "warnings", "duplicate_of_line", "polls", "downloads",
                "elapsed_ms", "input",
            ])
        + [("allOf", .array(statusRules + adviceRules))]

    private static let jobID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

    private static let properties: [JSONSchema.Member] = [
        ("v", JSONSchema.constant(.integer(RecordEncoding.version))),
        ("job_id", .object([("type", JSONSchema.strings(["string", "null"])), ("pattern", .string(jobID))])),
        ("status", JSONSchema.oneOf(RecordStatus.allCases)),
        ("manifest", JSONSchema.text),
        ("line", JSONSchema.integer(from: 1)),
        ("image", image),
        ("ai_credits_used", JSONSchema.number),
        ("error", error),
        ("retry", retry),
        ("warnings", warnings),
        ("duplicate_of_line", JSONSchema.integer(from: 1)),
        ("polls", JSONSchema.integer(from: 0)),
        ("downloads", JSONSchema.integer(from: 0)),
        ("first_seen", JSONSchema.moment),
        ("finished_at", JSONSchema.moment),
        ("elapsed_ms", JSONSchema.integer(from: 0)),
        ("runs", JSONSchema.integer(from: 1)),
        // Whatever the user wrote.
        ("input", .bool(true)),
    ]

    private static let image = JSONOutput.object(
        JSONSchema.object([
            ("path", JSONSchema.text(matching: "\\.png$")),
            ("bytes", JSONSchema.integer(from: 1)),
            ("width", JSONSchema.integer(from: 1)),
            ("height", JSONSchema.integer(from: 1)),
            ("sha256", JSONSchema.text(matching: "^[0-9a-f]{64}$")),
            ("url", JSONSchema.text(matching: "^[^?#]+$")),
        ]))

    private static let error = JSONOutput.object(
        JSONSchema.object(
            [
                ("stage", JSONSchema.oneOf(JobFailure.Stage.allCases)),
                ("code", JSONSchema.oneOf(FailureCode.allCases)),
                ("message", JSONSchema.text),
                ("http_status", JSONSchema.integer(from: 100)),
                ("api_code", JSONSchema.text),
                ("api_message", JSONSchema.text),
            ],
            optional: ["http_status", "api_code", "api_message"])
            + [
                (
                    "allOf",
                    .array(
                        FailureCode.allCases.map { code in
                            JSONSchema.rule(
                                if: [("code", JSONSchema.oneOf([code]))],
                                then: [JSONSchema.meets(("stage", JSONSchema.oneOf(code.stages)))])
                        })
                )
            ])

    private static let retry = JSONOutput.object(
        JSONSchema.object(
            [
                ("action", JSONSchema.oneOf(RetryAdvice.Action.allCases)),
                ("reason", JSONSchema.text),
                ("after_seconds", JSONSchema.integer(from: 0)),
                ("not_before", JSONSchema.moment),
            ],
            optional: ["after_seconds", "not_before"])
            + [
                ("if", .object([JSONSchema.meets(("action", JSONSchema.oneOf([RetryAdvice.Action.rerun])))])),
                ("then", .object([JSONSchema.has("after_seconds", "not_before")])),
                ("else", .object([JSONSchema.lacks("after_seconds", "not_before")])),
            ])

    private static let warnings = JSONOutput.object([
        ("type", .string("array")),
        ("items", JSONSchema.oneOf(Warning.allCases)),
        ("minItems", .integer(1)),
        ("uniqueItems", .bool(true)),
    ])

    /// What a record has and lacks, by its status.
    private static let statusRules = RecordStatus.allCases.map { status in
        JSONSchema.rule(
            if: [("status", JSONSchema.oneOf([status]))], then: consequence(of: status))
    }

    private static func consequence(of status: RecordStatus) -> [JSONSchema.Member] {
        let id = ("job_id", JSONOutput.object([("type", .string("string"))]))
        let error = ("error", JSONOutput.object([JSONSchema.meets(("code", JSONSchema.oneOf(codes(of: status))))]))
        switch status {
        case .downloaded:
            return [
                JSONSchema.has("image", "polls", "downloads", "elapsed_ms"), JSONSchema.meets(id),
                JSONSchema.lacks("error", "retry", "duplicate_of_line"),
            ]
        case .pending, .failed:
            return [
                JSONSchema.has("error", "retry", "polls", "downloads"), JSONSchema.meets(id, error),
                JSONSchema.lacks("image", "duplicate_of_line"),
            ]
        case .invalid:
            return [
                JSONSchema.has("error", "retry"),
                JSONSchema.meets(("job_id", .object([("type", .string("null"))])), error),
                JSONSchema.lacks(
                    "image", "ai_credits_used", "warnings", "polls", "downloads", "elapsed_ms", "duplicate_of_line"),
            ]
        case .duplicate:
            return [
                JSONSchema.has("error", "retry", "duplicate_of_line"), JSONSchema.meets(id, error),
                JSONSchema.lacks("image", "ai_credits_used", "warnings", "polls", "downloads", "elapsed_ms"),
            ]
        }
    }

    private static func codes(of status: RecordStatus) -> [FailureCode] {
        FailureCode.allCases.filter { $0.status == status }
    }
}
