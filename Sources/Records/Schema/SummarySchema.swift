import FetchCore
import JSONBridge

/// The schema of a run's totals: the fields of ``SummaryFields``, and the rule between two of them.
enum SummarySchema {
    static let body: [JSONSchema.Member] =
        [
            ("title", .string("Totals of a run of pictory-fetch")),
            ("description", .string("What --summary writes at the end of every run that started.")),
        ]
        + JSONSchema.object(
            SummaryFields.all.map { ($0.name, $0.schema) },
            optional: Set(SummaryFields.all.filter { !$0.isRequired }.map(\.name)))
        + [("dependentRequired", .object([only(stoppedBy, with: stopReason), only(stopReason, with: stoppedBy)]))]

    private static let stoppedBy = SummaryFields.stoppedBy.name
    private static let stopReason = SummaryFields.stopReason.name

    /// A member that is there only together with another one.
    private static func only(_ name: String, with other: String) -> JSONSchema.Member {
        (name, JSONSchema.strings([other]))
    }
}
