public import FetchCore

/// The Pictory API, as far as this program needs it: the state of one image-generation job.
///
/// The transport is one function. The program brings one with connections, the key and limits; a test brings one with
/// replies.
public struct PictoryClient: StatusService {
    private let get: @Sendable (_ path: String) async throws(JobFailure) -> APIReply

    /// A client on top of a transport.
    ///
    /// - Parameter get: requests a path below the API's base url and returns the whole reply whatever its HTTP status.
    ///   It throws when there is none.
    public init(get: @escaping @Sendable (_ path: String) async throws(JobFailure) -> APIReply) {
        self.get = get
    }

    /// Asks once; nothing is tried again here.
    public func status(of id: JobID) async throws(JobFailure) -> PollReply {
        try Self.decode(try await get("/v1/jobs/\(id)"), for: id)
    }
}
