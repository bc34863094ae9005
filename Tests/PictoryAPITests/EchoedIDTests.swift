import FetchCore
import Testing

/// Whose job a reply says it is about.
@Suite struct EchoedIDTests {
    private static func body(top: String = "", data: String = "") -> String {
        #"{\#(top)"data":{\#(data)"status":"in-progress"}}"#
    }

    private static func member(_ name: String, _ id: String) -> String {
        #""\#(name)":"\#(id)","#
    }

    @Test(arguments: ["job_id", "jobId", "jobid"]) func ourIDIsFoundUnderEveryName(_ name: String) throws {
        let member = Self.member(name, Replies.text)
        #expect(try Replies.reply(Self.body(top: member)).warnings.isEmpty)
        #expect(try Replies.reply(Self.body(data: member)).warnings.isEmpty)
    }

    @Test(arguments: ["job_id", "jobId", "jobid"]) func anotherIDIsAMismatchUnderEveryName(_ name: String) throws {
        let member = Self.member(name, Replies.otherText)
        for body in [Self.body(top: member), Self.body(data: member)] {
            let failure = try Replies.failure(body)
            #expect(failure.code == .jobIDMismatch)
            #expect(failure.message.contains(Replies.otherText))
        }
    }

    @Test func uuidsAreComparedAndNotTheirSpelling() throws {
        let member = Self.member("job_id", Replies.text.uppercased())
        #expect(try Replies.reply(Self.body(top: member)).warnings.isEmpty)
    }

    @Test func oneWrongIDOutweighsARightOne() throws {
        let right = Self.member("job_id", Replies.text)
        let wrong = Self.member("jobId", Replies.otherText)
        #expect(try Replies.failure(Self.body(top: right, data: wrong)).code == .jobIDMismatch)
        #expect(try Replies.failure(Self.body(top: wrong, data: right)).code == .jobIDMismatch)
    }

    @Test(arguments: [
        "", #""job_id":null,"#, #""job_id":7,"#, #""job_id":"","#, #""job_id":"not-a-uuid","#, #""job_id":{},"#,
    ])
    func anIDThatIsMissingOrUnreadableIsAWarning(_ member: String) throws {
        let reply = try Replies.reply(Self.body(top: member))
        #expect(reply == PollReply(.inProgress, warnings: [.jobIDNotEchoed]))
    }

    @Test func aBareIDFieldIsNotTheJobs() throws {
        let member = Self.member("id", Replies.otherText)
        #expect(try Replies.reply(Self.body(top: member, data: member)).warnings == [.jobIDNotEchoed])
    }

    @Test(arguments: ["completed", "failed", "cleaned", "whatever"])
    func anotherJobsReplyIsAMismatchWhateverItSays(_ status: String) throws {
        let body = #"{"job_id":"\#(Replies.otherText)","data":{"status":"\#(status)","url":"u"}}"#
        #expect(try Replies.failure(body).code == .jobIDMismatch)
    }

    @Test func aWarningGoesWithACompletedJobToo() throws {
        let reply = try Replies.reply(#"{"data":{"status":"completed","url":"u"}}"#)
        #expect(reply == PollReply(.completed(CompletedImage(url: "u")), warnings: [.jobIDNotEchoed]))
    }
}
