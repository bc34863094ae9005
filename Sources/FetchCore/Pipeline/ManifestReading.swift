/// Where the reading of the manifest stands.
enum ManifestReading: Equatable {
    /// No read is under way, and there may be more lines.
    case idle
    /// A read is under way.
    case reading
    /// A read is under way and was told to return, since the run stops: nothing follows it.
    case readingLast
    /// No more lines will come; `complete` if they were all read, and nothing stopped that.
    case ended(complete: Bool)
}
