import FetchCore
import JSONBridge
import Logging

extension JobRecord {
    /// The facts of a record, for a log line about it.
    var logFields: Logger.Metadata {
        var fields: Logger.Metadata = [
            "status": .string(outcome.status.rawValue), "manifest": .string(entry.manifest),
            "line": .stringConvertible(entry.line),
        ]
        if let jobID { fields["job_id"] = .stringConvertible(jobID) }
        if let failure = outcome.failure { fields.merge(failure.logFields) { $1 } }
        if let advice = RetryAdvice(for: outcome) { fields["action"] = .string(advice.action.rawValue) }
        if case .downloaded(let image, _) = outcome {
            fields["path"] = .string(image.path)
            fields["bytes"] = .stringConvertible(image.bytes)
        }
        return fields
    }
}

extension JobFailure {
    /// The facts of a failure, for a log line about it.
    var logFields: Logger.Metadata {
        var fields: Logger.Metadata = ["stage": .string(stage.rawValue), "code": .string(code.rawValue)]
        if let httpStatus { fields["http_status"] = .stringConvertible(httpStatus) }
        return fields
    }

    /// The facts of a failure that is followed by a pause, or of a job by another attempt.
    func logFields(of id: JobID? = nil, after pause: Duration? = nil) -> Logger.Metadata {
        var fields = logFields
        if let id { fields["job_id"] = .stringConvertible(id) }
        if let pause { fields["after_ms"] = .stringConvertible(Int(pause.wholeMilliseconds)) }
        return fields
    }
}

extension Notice {
    /// The facts of an origin that refuses requests.
    static func refusalFields(
        _ stage: JobFailure.Stage, lasted: Duration, after pause: Duration?
    ) -> Logger.Metadata {
        var fields: Logger.Metadata = [
            "stage": .string(stage.rawValue), "http_status": .stringConvertible(429),
            "refused_ms": .stringConvertible(Int(lasted.wholeMilliseconds)),
        ]
        if let pause { fields["after_ms"] = .stringConvertible(Int(pause.wholeMilliseconds)) }
        return fields
    }
}

extension Progress {
    /// How things stand, for a log line about it.
    var logFields: [LogField] {
        [
            ("done", .integer(done)), ("read", .integer(read)),
            ("manifest_ended", .bool(manifestEnded)), ("in_flight", .integer(inFlight)),
            ("waiting", .integer(waiting)), ("bytes", .integer(Int(summary.bytes))),
        ]
    }
}
