import FetchCore
import JSONBridge

extension RecordSchema {
    /// The advice that goes with each failure, as ``FetchCore/RetryAdvice`` gives it.
    static let adviceRules =
        Set(FailureCode.allCases.filter { !$0.dependsOnCredits }.map { $0.actions() })
        .sorted { $0.map(\.rawValue).joined() < $1.map(\.rawValue).joined() }
        .map { actions in
            let codes = FailureCode.allCases.filter { !$0.dependsOnCredits && $0.actions() == actions }
            return rule([("code", JSONSchema.oneOf(codes))], [], actions)
        }
        + FailureCode.allCases.filter(\.dependsOnCredits).flatMap { code in
            let codeRule = ("code", JSONSchema.oneOf([code]))
            let credits = ("api_code", JSONSchema.constant(.string(RetryAdvice.insufficientCredits)))
            return [
                rule([codeRule, credits], [], code.actions(apiCode: RetryAdvice.insufficientCredits)),
                rule([codeRule], [credits], code.actions()),
            ]
        }

    /// If an error meets the condition and not the exception, its advice is one of these actions.
    private static func rule(
        _ condition: [JSONSchema.Member], _ exception: [JSONSchema.Member], _ actions: [RetryAdvice.Action]
    ) -> JSONOutput {
        var error = JSONSchema.demanding(condition)
        if !exception.isEmpty { error.append(("not", .object(JSONSchema.demanding(exception)))) }
        let advice = JSONOutput.object([JSONSchema.meets(("action", JSONSchema.oneOf(actions)))])
        return JSONSchema.rule(if: [("error", .object(error))], then: [JSONSchema.meets(("retry", advice))])
    }
}

extension FailureCode {
    /// The actions that may be advised for a failure with this code, whatever its cause, in the order of `allCases`.
    fileprivate func actions(apiCode: String? = nil) -> [RetryAdvice.Action] {
        let possible = causes.map { cause in
            RetryAdvice(for: .failed(JobFailure(self, at: .run, "", apiCode: apiCode, cause: cause)))?.action
        }
        return RetryAdvice.Action.allCases.filter(possible.contains)
    }

    /// The causes on which the advice for this code depends. A record does not name the cause.
    private var causes: [JobFailure.Cause?] {
        switch self {
        case .notPNG: [nil, .otherImage(sha256: "", confirmed: true)]
        default: [nil]
        }
    }

    /// Whether the advice is different when the API refuses because credits are missing.
    fileprivate var dependsOnCredits: Bool {
        actions() != actions(apiCode: RetryAdvice.insufficientCredits)
    }

    /// The status of a record that ends with this code.
    var status: RecordStatus {
        switch self {
        case .invalidJSON, .lineTooLong, .missingJobID, .invalidJobID: .invalid
        case .duplicateJobID: .duplicate
        case .stillInProgress, .deadline, .interrupted, .noRecord: .pending
        case .rateLimited, .serverError, .timeout, .connectionFailed, .dnsFailed, .tlsFailed, .invalidResponse,
            .httpError, .unauthorized, .forbidden, .jobNotFound, .jobFailed, .jobCleaned, .jobIDMismatch,
            .unknownStatus, .notAnImageJob, .urlRejected, .urlExpired, .downloadHTTPError, .truncated, .imageTooLarge,
            .notPNG, .corruptPNG, .diskFull, .writeFailed, .nameTaken:
            .failed
        }
    }

    /// The steps at which a failure with this code may happen.
    var stages: [JobFailure.Stage] {
        switch self {
        case .invalidJSON, .lineTooLong, .missingJobID, .invalidJobID, .duplicateJobID: [.manifest]
        case .deadline, .interrupted, .noRecord: [.run]
        case .stillInProgress, .rateLimited, .serverError, .invalidResponse, .httpError, .unauthorized, .forbidden,
            .jobNotFound, .jobFailed, .jobCleaned, .jobIDMismatch, .unknownStatus:
            [.poll]
        case .timeout, .connectionFailed, .dnsFailed, .tlsFailed, .notAnImageJob: [.poll, .download]
        case .urlRejected, .urlExpired, .downloadHTTPError, .truncated, .imageTooLarge, .notPNG, .corruptPNG:
            [.download]
        case .diskFull, .writeFailed, .nameTaken: [.store]
        }
    }
}
