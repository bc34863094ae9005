/// Something about a run under way that a person may want to know.
public enum Notice: Sendable, Equatable {
    /// A step failed and is tried again after so long.
    case retrying(JobID, JobFailure, after: Duration)
    /// A download failed, and its job is polled once more for a fresh url.
    case askingForFreshURL(JobID, JobFailure)
    /// An origin asked for less: nothing goes to it for so long.
    case pausing(for: Duration, JobFailure)
    /// Nothing new starts any more.
    case stopping(StopReason)
    /// These records were written.
    case recorded([JobRecord])
    /// How things stand, because somebody asked.
    case asked(Progress)
    /// How things stand now; told after every event.
    case progress(Progress)
}
