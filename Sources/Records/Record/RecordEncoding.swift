public import FetchCore
import JSONBridge

/// The spelling of a result record: one JSON object on one line.
///
/// Scripts depend on the names, on their order, and on a field being absent when it does not apply.
public enum RecordEncoding {
    /// The line of a record, its newline included; `finishedAt` is the moment of writing.
    public static func line(for record: JobRecord, finishedAt: Timestamp) -> [UInt8] {
        var fields: [Field] = [
            ("v", .integer(version)),
            ("job_id", record.jobID.map { .string($0.description) } ?? .null),
            ("status", .string(record.outcome.status.rawValue)),
            ("manifest", .string(record.entry.manifest)),
            ("line", .integer(record.entry.line)),
        ]
        if case .downloaded(let image) = record.outcome { fields.append(("image", object(for: image))) }
        // A number that JSON cannot spell is left out rather than passed on as something else.
        if let credits = record.creditsUsed.flatMap(JSONNumber.init(text:)) {
            fields.append(("ai_credits_used", .number(credits)))
        }
        if let failure = record.outcome.failure { fields.append(("error", object(for: failure))) }
        if let advice = RetryAdvice(for: record.outcome) {
            fields.append(("retry", object(for: advice, from: finishedAt)))
        }
        if !record.warnings.isEmpty {
            fields.append(("warnings", .array(record.warnings.map { .string($0.rawValue) })))
        }
        if case .duplicate(let line, _) = record.outcome { fields.append(("duplicate_of_line", .integer(line))) }
        if record.outcome.wasAttempted {
            fields.append(("polls", .integer(record.polls)))
            fields.append(("downloads", .integer(record.downloads)))
        }
        fields.append(("first_seen", .string(record.entry.firstSeen.rfc3339)))
        fields.append(("finished_at", .string(finishedAt.rfc3339)))
        if let elapsed = record.elapsed {
            fields.append(("elapsed_ms", .integer(Int(elapsed.wholeMilliseconds))))
        }
        fields.append(("runs", .integer(record.entry.runs)))
        if let input = record.entry.input { fields.append(("input", .raw(input))) }
        return JSONOutput.object(fields).encoded() + [UInt8(ascii: "\n")]
    }

    private typealias Field = (name: String, value: JSONOutput)

    /// The version of this spelling.
    public static let version = 1

    private static func object(for image: ProvenImage) -> JSONOutput {
        .object([
            ("path", .string(image.path)),
            ("bytes", .integer(image.bytes)),
            ("width", .integer(image.width)),
            ("height", .integer(image.height)),
            ("sha256", .string(image.sha256)),
            ("url", .string(image.url)),
        ])
    }

    private static func object(for failure: JobFailure) -> JSONOutput {
        var fields: [Field] = [
            ("stage", .string(failure.stage.rawValue)),
            ("code", .string(failure.code.rawValue)),
            ("message", .string(failure.message)),
        ]
        if let status = failure.httpStatus { fields.append(("http_status", .integer(status))) }
        if let code = failure.apiCode { fields.append(("api_code", .string(code))) }
        if let message = failure.apiMessage { fields.append(("api_message", .string(message))) }
        return .object(fields)
    }

    private static func object(for advice: RetryAdvice, from moment: Timestamp) -> JSONOutput {
        var fields: [Field] = [("action", .string(advice.action.rawValue)), ("reason", .string(advice.reason))]
        if advice.action == .rerun, let after = advice.after {
            fields.append(("after_seconds", .integer(after.secondsRoundedUp)))
            fields.append(("not_before", .string((moment + after).rfc3339)))
        }
        return .object(fields)
    }
}

extension JobOutcome {
    /// Whether the line was a job of its own, so that its requests are counted, even if there were none.
    fileprivate var wasAttempted: Bool {
        switch status {
        case .downloaded, .pending, .failed: true
        case .invalid, .duplicate: false
        }
    }
}

extension Duration {
    /// Whole seconds that are surely enough.
    fileprivate var secondsRoundedUp: Int {
        let (seconds, attoseconds) = components
        return attoseconds > 0 ? Int(seconds) + 1 : Int(seconds)
    }
}
