/// Why a whole run cannot go on; everything less is a ``JobFailure`` and ends as a record.
public enum RunFailure: Error, Sendable, Equatable {
    /// A result record could not be written or synced. The text says where and why.
    case resultsNotWritten(String)
    /// The reader of the results went away (EPIPE).
    case resultsClosed
}
