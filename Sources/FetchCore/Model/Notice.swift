/// Something about a run under way that a person may want to know.
public enum Notice: Sendable, Equatable {
    /// A step failed and is tried again after so long.
    case retrying(JobID, JobFailure, after: Duration)
    /// A download failed, and its job is polled once more for a fresh url.
    case askingForFreshURL(JobID, JobFailure)
    /// An image broke a rule that decoders forgive, and is downloaded again to see whether it is the same.
    case askingForTheImageAgain(JobID, JobFailure)
    /// An origin is in trouble, or asked for less: nothing goes to it for so long.
    case pausing(for: Duration, JobFailure)
    /// The origin of polls, or one of downloads, has refused everything for so long (HTTP 429), and is asked again.
    case refused(JobFailure.Stage, refusedFor: Duration, askedAgainIn: Duration)
    /// The same, and it is not asked again in this run; the server may have named a time to come back in.
    case closed(JobFailure.Stage, refusedFor: Duration, notBefore: Duration?)
    /// Nothing new starts any more.
    case stopping(StopReason)
    /// These records were written.
    case recorded([JobRecord])
    /// How things stand, because somebody asked.
    case asked(Progress)
    /// How things stand now; told after every event.
    case progress(Progress)
}
