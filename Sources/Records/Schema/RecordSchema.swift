import FetchCore
import JSONBridge

/// The schema of a result record: the fields of ``RecordFields``, and the rules between them.
enum RecordSchema {
    static let body: [JSONSchema.Member] =
        [
            ("title", .string("Result record of pictory-fetch")),
            ("description", .string("How one line of a manifest ended in one run.")),
        ]
        + object(RecordLayout.parts.map(property))
        + [("allOf", .array(statusRules + adviceRules + [runsRule]))]

    /// A member of a record or of an object within it, and whether it is required.
    private typealias Property = (member: JSONSchema.Member, isRequired: Bool)

    private static func property(_ part: RecordLayout.Part) -> Property {
        switch part {
        case .field(let name, let field):
            return ((name, field.schema), field.presence.always == RecordStatus.allCases)
        case .object(let object, let fields):
            let properties = fields.map { name, field in
                ((name, field.schema), field.presence.always == field.presence.statuses)
            }
            return ((object.rawValue, .object(self.object(properties) + rules(within: object))), false)
        }
    }

    private static func object(_ properties: [Property]) -> [JSONSchema.Member] {
        JSONSchema.object(
            properties.map(\.member),
            optional: Set(properties.filter { !$0.isRequired }.map(\.member.name)))
    }

    /// The rules between the members of one object.
    private static func rules(within object: RecordObject) -> [JSONSchema.Member] {
        switch object {
        case .image: []
        case .error: [("allOf", .array(FailureCode.allCases.map(stageRule)))]
        case .retry:
            [
                ("if", .object([JSONSchema.meets(("action", JSONSchema.oneOf([RetryAdvice.Action.rerun])))])),
                ("then", .object([JSONSchema.has(["after_seconds", "not_before"])])),
                ("else", .object([JSONSchema.lacks(["after_seconds", "not_before"])])),
            ]
        }
    }

    /// The steps at which a failure with this code may happen.
    private static func stageRule(_ code: FailureCode) -> JSONOutput {
        JSONSchema.rule(
            if: [("code", JSONSchema.oneOf([code]))],
            then: [JSONSchema.meets(("stage", JSONSchema.oneOf(code.stages)))])
    }

    /// Which members a record has, and which it lacks, by its status.
    private static let statusRules = RecordStatus.allCases.map { status in
        JSONSchema.rule(if: [("status", JSONSchema.oneOf([status]))], then: consequence(of: status))
    }

    /// Only a record that no run has written counts none.
    private static let runsRule = JSONOutput.object([
        ("if", .object(JSONSchema.demanding([("runs", JSONSchema.constant(.integer(0)))]))),
        (
            "then",
            .object(
                JSONSchema.demanding([
                    ("error", .object(JSONSchema.demanding([("code", JSONSchema.oneOf([FailureCode.noRecord]))])))
                ]))
        ),
    ])

    private static func consequence(of status: RecordStatus) -> [JSONSchema.Member] {
        // Members that every record has are required already.
        let has = names { $0.always.contains(status) && $0.always != RecordStatus.allCases }
        // What only duplicates have comes last.
        let lacks =
            names { !$0.statuses.contains(status) && $0.always != [.duplicate] }
            + names { !$0.statuses.contains(status) && $0.always == [.duplicate] }
        let id = ("job_id", JSONOutput.object([("type", .string(status == .invalid ? "null" : "string"))]))
        let codes = FailureCode.allCases.filter { $0.status == status }
        let error = ("error", JSONOutput.object([JSONSchema.meets(("code", JSONSchema.oneOf(codes)))]))
        return [
            JSONSchema.has(has), codes.isEmpty ? JSONSchema.meets(id) : JSONSchema.meets(id, error),
            JSONSchema.lacks(lacks),
        ]
    }

    /// The names of a record's own fields and objects whose presence meets the condition. For an object, the presence
    /// of its first member counts.
    private static func names(where isSuch: (RecordPresence) -> Bool) -> [String] {
        RecordLayout.parts.compactMap { part in
            switch part {
            case .field(let name, let field): isSuch(field.presence) ? name : nil
            case .object(let object, let fields):
                fields.first.map { isSuch($0.field.presence) } == true ? object.rawValue : nil
            }
        }
    }
}
