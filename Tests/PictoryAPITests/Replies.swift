import FetchCore
import PictoryAPI
import Testing

/// Replies as a test writes them, and what becomes of them.
enum Replies {
    static let text = "4d82d040-4394-4371-867d-72ae1dd62b6d"
    static let otherText = "9b1f6c52-7f0e-4f0d-9c33-5a2f4b8f1e60"

    static func id(_ text: String = Replies.text) throws -> JobID {
        try #require(JobID(text))
    }

    /// A body that echoes our id around the given members of `data`.
    static func job(_ data: String) -> String {
        #"{"job_id":"\#(text)","success":true,"data":{\#(data)}}"#
    }

    static func outcome(
        _ body: [UInt8], status: Int = 200, retryAfter: Duration? = nil
    ) throws -> Result<PollReply, JobFailure> {
        let id = try id()
        do {
            return .success(
                try PictoryClient.decode(APIReply(status: status, body: body, retryAfter: retryAfter), for: id))
        } catch {
            return .failure(error)
        }
    }

    /// The failure that a reply amounts to; the test fails if it amounts to none.
    static func failure(
        _ body: String, status: Int = 200, retryAfter: Duration? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JobFailure {
        switch try outcome(Array(body.utf8), status: status, retryAfter: retryAfter) {
        case .failure(let failure): return failure
        case .success(let reply):
            let none: JobFailure? = nil
            return try #require(none, "it became \(reply.state)", sourceLocation: sourceLocation)
        }
    }

    /// What a reply says of a job that may still give an image.
    static func reply(_ body: String) throws -> PollReply {
        try outcome(Array(body.utf8)).get()
    }

    /// The image that a reply promises; the test fails if it promises none.
    static func image(
        _ data: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> CompletedImage {
        guard case .completed(let image) = try reply(job(data)).state else {
            let none: CompletedImage? = nil
            return try #require(none, "the job is not completed", sourceLocation: sourceLocation)
        }
        return image
    }
}
