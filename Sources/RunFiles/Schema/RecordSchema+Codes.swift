import FetchCore
import JSONBridge

extension RecordSchema {
    /// The advice that goes with each failure, as ``FetchCore/RetryAdvice`` gives it.
    static let adviceRules =
        RetryAdvice.Action.allCases.compactMap { action -> JSONOutput? in
            let codes = FailureCode.allCases.filter { !$0.dependsOnCredits && $0.action() == action }
            return codes.isEmpty ? nil : rule([("code", JSONSchema.oneOf(codes))], [], action)
        }
        + FailureCode.allCases.filter(\.dependsOnCredits).flatMap { code in
            let codeRule = ("code", JSONSchema.oneOf([code]))
            let credits = ("api_code", JSONSchema.constant(.string(RetryAdvice.insufficientCredits)))
            return [
                rule([codeRule, credits], [], code.action(apiCode: RetryAdvice.insufficientCredits)),
                rule([codeRule], [credits], code.action()),
            ]
        }

    /// An error whose members meet one condition, and do not meet the other, has this advice.
    private static func rule(
        _ condition: [JSONSchema.Member], _ exception: [JSONSchema.Member], _ action: RetryAdvice.Action?
    ) -> JSONOutput {
        var error = JSONSchema.demanding(condition)
        if !exception.isEmpty { error.append(("not", .object(JSONSchema.demanding(exception)))) }
        let advice = JSONOutput.object([JSONSchema.meets(("action", JSONSchema.oneOf(action.map { [$0] } ?? [])))])
        return JSONSchema.rule(if: [("error", .object(error))], then: [JSONSchema.meets(("retry", advice))])
    }
}

extension FailureCode {
    /// What the advice is for a failure with this code; nil if there is none.
    fileprivate func action(apiCode: String? = nil) -> RetryAdvice.Action? {
        RetryAdvice(for: .failed(JobFailure(self, at: .run, "", apiCode: apiCode)))?.action
    }

    /// Whether the advice is another one when the API refuses for want of credits.
    fileprivate var dependsOnCredits: Bool {
        action() != action(apiCode: RetryAdvice.insufficientCredits)
    }

    /// The status of a record that ends with this code.
    var status: RecordStatus {
        switch self {
        case .invalidJSON, .lineTooLong, .missingJobID, .invalidJobID: .invalid
        case .duplicateJobID: .duplicate
        case .stillInProgress, .deadline, .interrupted: .pending
        case .rateLimited, .serverError, .timeout, .connectionFailed, .dnsFailed, .tlsFailed, .invalidResponse,
            .httpError, .unauthorized, .forbidden, .jobNotFound, .jobFailed, .jobCleaned, .jobIDMismatch,
            .unknownStatus, .notAnImageJob, .urlRejected, .urlExpired, .downloadHTTPError, .truncated, .imageTooLarge,
            .notPNG, .corruptPNG, .diskFull, .writeFailed:
            .failed
        }
    }

    /// The steps that end with this code.
    var stages: [JobFailure.Stage] {
        switch self {
        case .invalidJSON, .lineTooLong, .missingJobID, .invalidJobID, .duplicateJobID: [.manifest]
        case .deadline, .interrupted: [.run]
        case .stillInProgress, .rateLimited, .serverError, .invalidResponse, .httpError, .unauthorized, .forbidden,
            .jobNotFound, .jobFailed, .jobCleaned, .jobIDMismatch, .unknownStatus:
            [.poll]
        case .timeout, .connectionFailed, .dnsFailed, .tlsFailed, .notAnImageJob: [.poll, .download]
        case .urlRejected, .urlExpired, .downloadHTTPError, .truncated, .imageTooLarge, .notPNG, .corruptPNG:
            [.download]
        case .diskFull, .writeFailed: [.store]
        }
    }
}
