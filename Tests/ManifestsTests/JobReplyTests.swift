import FetchCore
import Testing
import TestSupport

@testable import Manifests

/// What the API's reply on a manifest line shows of its job, read from a tree or without one.
@Suite struct JobReplyTests {
    /// Whether the line shows that the API has known its job; both readers have to agree.
    private func showsKnownJob(_ line: String) throws -> Bool {
        let bytes = Array(line.utf8)
        let item = Sample.item(bytes)
        #expect(item.id == (try Sample.id()))
        var plainLines = PlainLineReader()
        if let plain = plainLines.line(bytes.span) {
            #expect(plain.item(of: bytes.span, manifest: "jobs.jsonl", line: 1, now: Sample.now) == item)
        }
        return item.entry.isKnownToAPI
    }

    @Test(arguments: [
        "in-progress", "completed", "failed", "cleaned", "In_Progress", "INPROGRESS", " in progress ", "COM-PLETED",
        "\\u0063ompleted", "in\\tprogress",
    ]) func stateOfAKnownJobShowsIt(status: String) throws {
        #expect(
            try showsKnownJob(
                #"{"job_id":"\#(Sample.idText)","success":true,"data":{"url":"x","status":"\#(status)"}}"#))
        #expect(try showsKnownJob(#"{"data":{"status":"\#(status)","jobId":"\#(Sample.idText)"}}"#))
    }

    @Test(arguments: [
        "{}", "[]", "null", #""completed""#, #"{"status":"queued"}"#, #"{"status":""}"#, #"{"status":null}"#,
        #"{"status":["completed"]}"#, #"{"x":{"status":"completed"}}"#, #"[{"status":"completed"}]"#,
        #"{"status":"completed","status":"none"}"#, #"{"status":"completedé"}"#,
    ]) func anythingElseShowsNothing(data: String) throws {
        #expect(try !showsKnownJob(#"{"job_id":"\#(Sample.idText)","data":\#(data)}"#))
    }

    @Test func namesMayBeSpelledWithEscapes() throws {
        let id = #""job_id":"\#(Sample.idText)""#
        #expect(try showsKnownJob(#"{\#(id),"data":{"st\u0061tus":"completed"}}"#))
        #expect(try showsKnownJob(#"{\#(id),"d\u0061ta":{"status":"completed"}}"#))
        #expect(try !showsKnownJob(#"{\#(id),"data":{"status":"completed","st\u0061tus":"x"}}"#))
    }

    @Test func jobOfAPlainLineIsNotKnown() throws {
        #expect(try !showsKnownJob(#"{"job_id":"\#(Sample.idText)","status":"completed"}"#))
        #expect(try !showsKnownJob("\"\(Sample.idText)\""))
        #expect(try !showsKnownJob(#"{"success":true,"data":{"jobId":"\#(Sample.idText)"}}"#))
    }

    @Test func longStatusIsNotGoneThrough() throws {
        let status = String(repeating: "-", count: 100) + "completed"
        #expect(try !showsKnownJob(#"{"job_id":"\#(Sample.idText)","data":{"status":"\#(status)"}}"#))
    }
}
