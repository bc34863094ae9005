import FetchCore
import PictoryAPI
import Testing

/// The client around the decoding: what it asks for, and what it passes on.
@Suite struct PictoryClientTests {
    @Test func thePathHoldsTheIDInLowerCase() async throws {
        let client = PictoryClient { path throws(JobFailure) in
            guard path == "/v1/jobs/\(Replies.text)" else {
                throw JobFailure(.httpError, at: .poll, "wrong path \(path)")
            }
            return APIReply(status: 200, body: Array(Replies.job(#""status":"in-progress""#).utf8))
        }
        let reply = try await client.status(of: Replies.id(Replies.text.uppercased()))
        #expect(reply == PollReply(.inProgress))
    }

    @Test func aFailureOfTheTransportIsPassedOnUntouched() async throws {
        let failure = JobFailure(.dnsFailed, at: .poll, "no such host", retryAfter: .seconds(3))
        let client = PictoryClient { _ throws(JobFailure) in throw failure }
        let id = try Replies.id()
        await #expect(throws: failure) { try await client.status(of: id) }
    }

    @Test func aReplyIsDecodedForTheJobThatWasAskedFor() async throws {
        let client = PictoryClient { _ throws(JobFailure) in
            APIReply(status: 200, body: Array(Replies.job(#""status":"in-progress""#).utf8))
        }
        let other = try Replies.id(Replies.otherText)
        let failure = await #expect(throws: JobFailure.self) { try await client.status(of: other) }
        #expect(failure?.code == .jobIDMismatch)
    }
}
