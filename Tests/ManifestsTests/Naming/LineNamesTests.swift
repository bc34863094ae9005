import FetchCore
import Testing
import TestSupport

@testable import Manifests

@Suite struct LineNamesTests {
    private func name(_ template: String, _ line: String) throws -> String? {
        var names = LineNames(try NameTemplate(template))
        return names.named(Sample.item(line, at: 7)).entry.imageName?.text
    }

    private func value(_ field: String, _ object: String) throws -> String? {
        try name("{\(field)}", #"{"job_id":"\#(Sample.idText)",\#(object)}"#)
    }

    @Test(arguments: [
        (#""x":"acme""#, "acme"), (#""x":12"#, "12"), (#""x":-1.50e+3"#, "_1.50e+3"), (#""x":1e999"#, "1e999"),
        (#""x":123456789012345678901234567890"#, "123456789012345678901234567890"), (#""x":true"#, "true"),
        (#""x":false"#, "false"), (#""x":null"#, "_"), (#""x":[1]"#, "_"), (#""x":{"y":1}"#, "_"), (#""y":1"#, "_"),
        (#""x":"""#, "_"), (#""x" : "a" "#, "a"), (#""x":1,"x":2"#, "2"), (#""\u0078":"e""#, "e"),
        (#""\u0078":1,"x":2"#, "2"), (#""X":1"#, "_"),
        (#""x":"\"\\\/\b\f\n\r\t\u00e9\u20AC""#, "\"\\______é€"), (#""x":"\ud83d\ude00""#, "😀"),
        (#""x":"a\ud83d""#, "a_"), (#""x":"\ude00\ud83d\u0041""#, "__A"), (#""x":"\ud83d\\ude00""#, "_\\ude00"),
        (#""x":"\ufffd""#, "\u{FFFD}"), (#""x":"\u0000""#, "_"),
    ]) func fieldOfTheLineIsItsValue(object: String, expected: String) throws {
        #expect(try value("x", object) == expected)
    }

    @Test(arguments: [
        (#""a":{"b":"v"}"#, "v"), (#""a":{"b":{"c":1}}"#, "_"), (#""a":"b""#, "_"), (#""a":[{"b":1}]"#, "_"),
        (#""a.b":1"#, "_"), (#""a":{"\u0062":2}"#, "2"), (#""\u0061":{"b":3}"#, "3"), (#""a":{"b":1,"b":4}"#, "4"),
        (#""a":{},"b":1"#, "_"), (#""a":null"#, "_"), (#""c":{"b":1},"a":{"b":5}"#, "5"),
    ]) func dotLeadsIntoAnObject(object: String, expected: String) throws {
        #expect(try value("a.b", object) == expected)
    }

    @Test func anyNumberOfDotsLeadsOn() throws {
        #expect(try value("a.b.c", #""a":{"b":{"c":"deep"}}"#) == "deep")
    }

    /// What is a field of the record itself is none of the manifest line's.
    @Test func recordIsNamedByItsInput() throws {
        let record =
            #"{"v":1,"job_id":"\#(Sample.idText)","status":"pending","manifest":"old.jsonl","line":3,"error":{},"retry":{},"#
            + #""polls":1,"downloads":0,"first_seen":"\#(Sample.nowText)","finished_at":"\#(Sample.nowText)","runs":1,"#
        let input = #""input":{"job_id":"\#(Sample.idText)","customer":"acme"}}"#
        #expect(try name("{customer}/{status}/{line}", record + input) == "acme/_/7")
        #expect(try name("{customer}/{job_id:4}", record + #""input":"\#(Sample.idText)"}"#) == "_/0b7e")
    }

    @Test func bareIDHasNoFields() throws {
        #expect(try name("{x}-{job_id:2}-{line}", "\"\(Sample.idText.uppercased())\"") == "_-0b-7")
    }

    @Test func replyOfTheAPIHasItsOwnFields() throws {
        #expect(try name("{data.jobId}", #"{"success":true,"data":{"jobId":"\#(Sample.idText)"}}"#) == Sample.idText)
    }

    @Test func lineThatNamesNoJobHasNoName() throws {
        #expect(try name("{job_id}", "{}") == nil)
    }

    @Test(arguments: [1, 100])
    func everyLineOfAManifestIsNamed(limit: Int) throws {
        let folder = try TemporaryFolder()
        let lines = [
            #"{"job_id":"\#(Sample.idText)","c":"a"}"#, "", "no job", "\"\(Sample.otherIDText)\"",
            #"{"job_id":"\#(Sample.idText)","c":"\ud800"}"#,
        ]
        let path = try folder.write(lines.joined(separator: "\n"), to: "jobs.jsonl")
        let files = try ManifestFiles.open([path], names: NameTemplate("{c}/{line}"), clock: { Sample.now })
        var items: [ManifestItem] = []
        while case let batch = files.read(upTo: limit), !batch.ended { items += batch.items }
        #expect(items.map { $0.entry.imageName?.text } == ["a/1", nil, "_/4", "_/5"])
        let unnamed = try ManifestFiles.open([path], clock: { Sample.now }).read(upTo: 10)
        #expect(unnamed.items.allSatisfy { $0.entry.imageName == nil })
    }
}
