/// A look at a run under way.
public struct Progress: Sendable, Equatable {
    public let summary: RunSummary
    /// Requests on the wire.
    public let inFlight: Int
    /// Jobs that wait for their next poll or attempt.
    public let waiting: Int
    /// Jobs read and not yet at their end.
    public let unfinished: Int
    /// Non-blank manifest lines read.
    public let read: Int
    public let manifestEnded: Bool
    /// The API requests a second that are allowed now; nil when nothing limits them.
    public let pace: Double?
}
