import FetchCore
import Testing
import TestSupport

@testable import Manifests

@Suite struct PlainLineReaderTests {
    private static let id = Sample.idText
    private static let other = Sample.otherIDText

    private func item(_ line: String) -> ManifestItem? {
        var reader = PlainLineReader()
        // Whatever was read before must not matter.
        _ = reader.line(Array(#"{"job_id":1,"v":1}"#.utf8).span)
        let bytes = Array(line.utf8)
        return reader.line(bytes.span)?.item(of: bytes.span, manifest: "jobs.jsonl", line: 1, now: Sample.now)
    }

    @Test(arguments: [
        #"{"job_id":"\#(id)"}"#, #"{"jobId":"\#(id)"}"#, #"{"jobid":"\#(id)"}"#, "\"\(id)\"", "\t\"\(id)\" \r",
        #" { "n" : 12345678901234567890 , "job_id" : "\#(id.uppercased())" , "x" : 1.10 } "#,
        #"{"job_id":"\#(id)","data":{"jobId":"\#(other)","v":1}}"#, #"{"x":"job_id","job_id":"\#(id)","x":2}"#,
    ])
    func plainLinesAreReadAsAllLinesAre(line: String) throws {
        #expect(try #require(item(line)) == Sample.item(line))
    }

    @Test(arguments: [
        #"{"job_id":"\#(id)""#, #"{"job_id":"\#(id)"}}"#, "\"\(id)", #"{"job_id":"\#(id)","x":"\#u{1}"}"#,
        #"{"job_id":"\#(id)","jobId":"\#(id)"}"#, #"{"job_id":"\#(id)","job_id":"\#(id)"}"#,
        #"{"job_id":null,"jobId":"\#(id)"}"#, #"{"job\u005fid":"\#(other)","job_id":"\#(id)"}"#,
        #"{"\u0076":1,"job_id":"\#(id)"}"#, #"{"v":1,"job_id":"\#(id)"}"#, #"{"data":{"jobId":"\#(id)"}}"#,
        #"{"job_id":"no id"}"#, #"{"job_id":7}"#, #"["\#(id)"]"#, "1", "null", "",
    ])
    func allOtherLinesAreLeftToTheParser(line: String) {
        #expect(item(line) == nil)
    }
}
