import FetchCore
import Testing
import TestSupport

@testable import Manifests

@Suite struct ManifestLineParserTests {
    private static let id = Sample.idText
    private static let upper = Sample.idText.uppercased()
    private static let other = Sample.otherIDText

    @Test(arguments: [
        #"{"job_id":"\#(id)"}"#, #"{"jobId":"\#(id)"}"#, #"{"jobid":"\#(id)"}"#, #"{"job_id":"\#(upper)"}"#,
        #" { "n" : 1 , "job_id" : "\#(id)" } "#, #"{"job\u005fid":"\#(id)"}"#,
        #"{"success":true,"data":{"jobId":"\#(id)"}}"#, #"{"success":true,"data":{"job_id":"\#(id)"}}"#,
        #"{"data":{"jobid":"\#(id)"}}"#, #""\#(id)""#, "\t\"\(upper)\" \r",
        #"{"job_id":"\#(id)","jobId":"\#(upper)"}"#, #"{"job_id":null,"jobId":"\#(id)"}"#,
        #"{"job_id":"\#(id)","data":{"jobId":"\#(other)"}}"#, #"{"job_id":"\#(id)","data":1,"data":2,"x":1,"x":2}"#,
    ])
    func eachFormNamesItsJob(line: String) throws {
        #expect(Sample.item(line).id == (try Sample.id()))
    }

    @Test func entrySaysWhereAndWhen() throws {
        let item = Sample.item(#"{"job_id":"\#(Self.id)"}"#, at: 7)
        #expect(item.entry.manifest == "jobs.jsonl")
        #expect(item.entry.line == 7)
        #expect(item.entry.firstSeen == Sample.now)
        #expect(item.entry.runs == 1)
    }

    @Test func inputIsTheLineByteForByteWithoutBlanksAround() {
        let json = #"{"job_id":"\#(Self.id)",  "n":12345678901234567890,"x":1.10,"é":"\u00e9\/"}"#
        #expect(Sample.item(" \t\(json) \r").input == json)
    }

    @Test(arguments: [
        #"{"job_id":"\#(id)","prompt":"a cat \ud83d"}"#, #"{"job_id":"\#(id)","\ude00":1}"#,
        #"{"job_id":"\#(id)","x":1e999,"y":[-1E400]}"#, #"{"success":true,"data":{"jobId":"\#(id)","x":"\ud83d"}}"#,
    ]) func ownFieldMayHoldHalfAnEmojiOrANumberOfAnySize(line: String) throws {
        let item = Sample.item(line)
        #expect(item.id == (try Sample.id()))
        #expect(item.input == line)
    }

    @Test func halfAnEmojiInARecognisedFieldNamesNoJob() throws {
        let failure = try #require(Sample.item(#"{"job_id":"\#(Self.id)\ud83d"}"#).failure)
        #expect(failure.code == .invalidJobID)
        #expect(Sample.item(#""\ud83d""#).failure?.code == .invalidJobID)
        #expect(Sample.item(#"{"job_id":1e999}"#).failure?.message.hasSuffix("the number 1e999.") == true)
    }

    @Test func nestingBeyondTheLimitSaysSo() {
        let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
        let failure = Sample.item(#"{"job_id":"\#(Self.id)","x":\#(deep)}"#).failure
        #expect(failure?.code == .invalidJSON)
        #expect(failure?.message.contains("arrays and objects are nested too deep, at column") == true)
    }

    @Test func bareStringHasNoInput() {
        #expect(Sample.item("\"\(Self.id)\"").input == nil)
        #expect(Sample.item("\"nothing\"").input == nil)
    }

    @Test(arguments: [
        (#"{"job_id":"#, "an object is not closed, at column 1."),
        (#"  {'job_id':1}"#, "at column 4."), ("{}{}", "after the JSON value, at column 3."),
        ("{\"job_id\":\"\0\"}", "at column 12."), ("\u{FEFF}{}", "byte order mark"),
        (Sample.idText, "The line is not JSON"),
    ])
    func whatIsNotJSONSaysWhere(line: String, ending: String) throws {
        let item = Sample.item(line)
        let failure = try #require(item.failure)
        #expect(failure.code == .invalidJSON)
        #expect(failure.stage == .manifest)
        #expect(failure.message.contains(ending), "\(failure.message)")
        #expect(item.input == nil)
    }

    @Test func invalidUTF8IsNotJSON() {
        let item = Sample.item(Array(#"{"job_id":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8))
        #expect(item.failure?.code == .invalidJSON)
        #expect(item.failure?.message == "The line is not JSON: a string is not valid UTF-8, at column 12.")
    }

    @Test(arguments: [true, false], [true, false])
    func sixteenBitTextIsNamed(littleEndian: Bool, withMark: Bool) {
        let units = (withMark ? [0xFEFF] : []) + Array("{\"job_id\":1}".utf16)
        let bytes = units.flatMap { unit in
            littleEndian ? [UInt8(unit & 255), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 255)]
        }
        // Little-endian lines after the first begin with the second half of a newline.
        for line in [bytes, [0] + bytes] where !(line.count > bytes.count && !littleEndian) {
            #expect(Sample.item(line).failure?.code == .invalidJSON)
            #expect(Sample.item(line).failure?.message == "The line looks like UTF-16; a manifest is UTF-8.")
        }
    }

    @Test(arguments: [
        ("{}", "has no field job_id"), (#"{"id":"\#(id)"}"#, "has no field job_id"),
        (#"{"data":{}}"#, "its data included"), (#"{"data":[]}"#, "its data included"),
        (#"{"job_id":null}"#, "job_id is null"), (#"{"jobId":null}"#, "jobId is null"),
        (#"{"data":{"jobId":null}}"#, "jobId is null"),
        ("[]", "an array"), ("12", "a number"), ("true", "true"), ("null", "null"),
    ])
    func missingJobIDSaysWhatIsThere(line: String, part: String) throws {
        let item = Sample.item(line)
        let failure = try #require(item.failure)
        #expect(failure.code == .missingJobID)
        #expect(failure.message.contains(part), "\(failure.message)")
        #expect(item.input == line)
    }

    @Test(arguments: [
        (#"{"job_id":""}"#, "at column 11 there is an empty string."),
        (#"{"job_id":17}"#, "at column 11 there is the number 17."),
        (#"{"job_id":[]}"#, "there is an array."), (#"{"job_id":{}}"#, "there is an object."),
        (#"{"job_id":false}"#, "there is false."), (#"{"job_id":"../x"}"#, #"there is "../x"."#),
        (#"{"job_id":"\#(id) "}"#, #"there is "\#(id) "."#), (#"  "abc""#, #"at column 3 there is "abc"."#),
        (#"{"data":{"jobId":"abc"}}"#, #"at column 18 there is "abc"."#),
        (#"{"job_id":"\#(id)","jobid":"abc"}"#, #"at column 58 there is "abc"."#),
        (#"{"job_id":"\u001b[31m\"\u202e"}"#, #"there is "\u{1b}[31m\"\u{202e}"."#),
    ])
    func invalidJobIDIsQuoted(line: String, ending: String) throws {
        let failure = try #require(Sample.item(line).failure)
        #expect(failure.code == .invalidJobID)
        #expect(failure.message.hasSuffix(ending), "\(failure.message)")
    }

    @Test func quoteIsShort() throws {
        let sixty = String(repeating: "y", count: 60)
        #expect(Sample.item(#"{"job_id":"\#(sixty)"}"#).failure?.message.contains("\"\(sixty)\"") == true)
        #expect(Sample.item(#"{"job_id":"\#(sixty)y"}"#).failure?.message.contains("\"\(sixty.dropLast())…\"") == true)
        let long = String(repeating: "9", count: 100_000)
        let message = try #require(Sample.item(#"{"job_id":\#(long)}"#).failure?.message)
        #expect(message.utf8.count < 200)
    }

    @Test func namesThatDisagreeAreRefused() throws {
        let failure = try #require(Sample.item(#"{"jobId":"\#(Self.id)","job_id":"\#(Self.other)"}"#).failure)
        #expect(failure.code == .invalidJobID)
        #expect(
            failure.message == "The fields job_id and jobId name different jobs, \(Self.other) and \(Self.id).")
    }

    @Test(arguments: ["job_id", "jobId", "jobid"])
    func repeatedFieldIsRefused(name: String) throws {
        for line in [
            #"{"\#(name)":"\#(Self.id)","\#(name)":"\#(Self.id)"}"#,
            #"{"data":{"\#(name)":"\#(Self.id)","\#(name)":"\#(Self.id)"}}"#,
        ] {
            let item = Sample.item(line)
            #expect(item.failure?.code == .invalidJSON)
            #expect(item.failure?.message.hasPrefix("The field \(name) stands more than once") == true)
            #expect(item.input == line)
        }
    }

    @Test func repeatedReplyIsRefused() {
        let item = Sample.item(#"{"data":{"jobId":"\#(Self.id)"},"data":{"jobId":"\#(Self.other)"}}"#)
        #expect(item.failure?.code == .invalidJSON)
        #expect(item.failure?.message.hasPrefix("The field data stands more than once") == true)
    }
}
