/// What one poll says of the way to the API: of its name, TLS, a proxy and the key.
public enum APIAnswer: Sendable, Equatable {
    /// The API has told the job's state.
    case state
    /// The API knows no such job, and says so in its own words.
    case noSuchJob
    /// The key is refused.
    case keyRejected(JobFailure)
    /// Another poll would be answered in the same way: a setting is wrong, or what stands between is no API.
    case misdirected(JobFailure)
    /// There was no answer, or one that may be another later.
    case unavailable(JobFailure)

    public init(_ reply: Result<PollReply, JobFailure>) {
        switch reply {
        case .success: self = .state
        case .failure(let failure): self.init(failure)
        }
    }

    private init(_ failure: JobFailure) {
        switch failure.code {
        case .jobNotFound: self = .noSuchJob
        case .jobFailed, .jobCleaned, .notAnImageJob, .unknownStatus: self = .state
        case .unauthorized, .forbidden: self = .keyRejected(failure)
        // What is not transient to a job may well pass before the night: a gateway's 501 says that it has trouble.
        case .httpError where (500..<600).contains(failure.httpStatus ?? 0): self = .unavailable(failure)
        case .tlsFailed, .httpError, .invalidResponse: self = .misdirected(failure)
        // No answer, or one that asks for patience; the codes of other steps are none that a poll ends with.
        default: self = .unavailable(failure)
        }
    }
}
