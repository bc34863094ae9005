/// A reply of the API that stands on a manifest line, tells its job's end, and is believed without a poll.
public enum TrustedReply: Sendable, Equatable {
    /// The image can be downloaded.
    case completed(CompletedImage, warnings: [Warning])
    /// There will be no image.
    case failed(JobFailure)

    /// What is believed of a reply that tells a job's end.
    ///
    /// Nil for one that a poll has to clear up: it is about another job or another kind of job, gives no url, or makes
    /// no sense.
    public init?(_ reply: Result<PollReply, JobFailure>) {
        switch reply {
        case .success(let reply):
            guard case .completed(let image) = reply.state else { return nil }
            self = .completed(image, warnings: reply.warnings)
        case .failure(let failure):
            switch failure.code {
            case .jobFailed, .jobCleaned, .jobNotFound: self = .failed(failure)
            default: return nil
            }
        }
    }
}
