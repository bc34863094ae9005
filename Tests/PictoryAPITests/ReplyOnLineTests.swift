import FetchCore
import PictoryAPI
import Testing

/// A manifest line that is a reply is read as the reply of a poll, where it tells the job's end.
@Suite struct ReplyOnLineTests {
    private static func onLine(_ text: String, id: String = Replies.text) throws -> Result<PollReply, JobFailure>? {
        PictoryClient.reply(on: Array(text.utf8), for: try Replies.id(id))
    }

    private static let ends = [
        #""status":"completed","url":"https://cdn.example/a.png","width":64,"height":"32","aiCreditsUsed":0.60"#,
        #""status":"Completed","url":"https://cdn.example/a.mp4","duration":"8s""#,
        #""status":"completed""#, #""status":"completed","url":"https://cdn.example/\uD800""#,
        #""status":"failed","error_code":"5001","error_message":"no luck""#,
        #""status":"failed","error_code":"INSUFFICIENT_CREDITS""#,
        #""status":"failed","error_code":"5000","error_message":"JOB_NOT_FOUND""#,
        #""status":"cleaned""#,
    ]

    @Test(arguments: ends) func endIsReadAsThatOfAPoll(data: String) throws {
        let text = Replies.job(data)
        switch (try Self.onLine(text), try Replies.outcome(Array(text.utf8))) {
        case (.success(let line)?, .success(let poll)):
            #expect(line == poll)
        case (.failure(let line)?, .failure(var poll)):
            #expect(line.httpStatus == nil)
            poll.httpStatus = nil
            #expect(line == poll)
        case (let line, let poll):
            Issue.record("the line is \(String(describing: line)), a poll \(poll)")
        }
    }

    @Test(arguments: [
        #"{"job_id":"\#(Replies.text)"}"#, #""\#(Replies.text)""#, "[]", "7", "nonsense", "",
        Replies.job(#""status":"in-progress""#), Replies.job(#""status":"queued""#), Replies.job(#""status":null"#),
        Replies.job(#""status":7,"url":"https://cdn.example/a.png""#),
        Replies.job(#""error_code":"5000","error_message":"JOB_NOT_FOUND""#),
        #"{"job_id":"\#(Replies.text)","status":"completed","url":"https://cdn.example/a.png"}"#,
        #"{"job_id":"\#(Replies.text)","data":{"status":"failed"}}"#,
        #"{"job_id":"\#(Replies.text)","success":"no","data":{"status":"failed"}}"#,
        #"{"job_id":"\#(Replies.text)","data":{"status":"completed","url":"https://cdn.example/a.png","success":true}}"#,
        #"{"job_id":"\#(Replies.text)","success":true,"data":{"status":"in-progress"},"data":{"status":"failed"}}"#,
        #"{"job_id":"\#(Replies.text)","success":true,"data":{"status":"in-progress","status":"failed"}}"#,
        #"{"job_id":"\#(Replies.text)","success":true,"success":false,"data":{"status":"failed"}}"#,
        #"{"success":true,"data":{"jobId":"\#(Replies.text)"}}"#,
    ]) func lineThatTellsNoEndIsNoReply(text: String) throws {
        #expect(try Self.onLine(text) == nil)
    }

    @Test func replyAboutAnotherJobIsAMismatch() throws {
        let reply = try Self.onLine(Replies.job(Self.ends[0]), id: Replies.otherText)
        guard case .failure(let failure)? = reply else {
            Issue.record("it is taken as \(String(describing: reply))")
            return
        }
        #expect(failure.code == .jobIDMismatch)
    }
}
