import FetchCore
import Foundation
import Testing

/// Replies whose oddities are in fields that nobody needs, and those whose are not.
@Suite struct LooseReplyTests {
    private static let url = #""url":"https://images.example/a.png""#

    /// A completed job's reply with more fields before those that are needed.
    private static func completed(_ fields: [UInt8]) -> [UInt8] {
        Array(#"{"job_id":"\#(Replies.text)","success":true,"data":{"status":"completed","#.utf8) + fields
            + Array(#","width":1024,"height":1024,\#(url)}}"#.utf8)
    }

    private static func completed(_ fields: String) -> [UInt8] { completed(Array(fields.utf8)) }

    private func expectCompleted(_ body: [UInt8]) throws {
        let reply = try Replies.outcome(body).get()
        #expect(reply.warnings.isEmpty)
        guard case .completed(let image) = reply.state else {
            Issue.record("\(reply)")
            return
        }
        #expect(image.url == "https://images.example/a.png")
        #expect(image.width == 1024)
    }

    private static func nested(_ depth: Int, _ opening: String = "[", _ closing: String = "]") -> String {
        String(repeating: opening, count: depth) + String(repeating: closing, count: depth)
    }

    @Test(arguments: [
        #""prompt":"a cat \ud83d""#, #""\ude00":1"#, #""score":1e999"#, #""n":\#(String(repeating: "9", count: 5000))"#,
        #""meta":\#(nested(70))"#, #""meta":\#(nested(512))"#,
        #""x":"\#u{FFFD}""#, #""status":"failed","status":"completed""#,
    ]) func oddFieldThatNobodyNeedsDoesNotMatter(fields: String) throws {
        try expectCompleted(Self.completed(fields))
    }

    @Test(arguments: [[0xE9], [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]])
    func bytesThatAreNotUTF8DoNotMatterWhereNobodyLooks(bad: [UInt8]) throws {
        try expectCompleted(
            Self.completed(Array(#""prompt":"caf"#.utf8) + bad + Array(#"","a"#.utf8) + bad + Array(#"":1"#.utf8)))
    }

    @Test func byteOrderMarkIsPassedOver() throws {
        try expectCompleted([0xEF, 0xBB, 0xBF] + Self.completed(#""x":1"#))
    }

    @Test func longReplyIsRead() throws {
        let picture = String(repeating: "A", count: 1_200_000)
        try expectCompleted(Self.completed(#""referenceImageUrl":"data:image/png;base64,\#(picture)""#))
        let rest = 4 << 20 - Self.completed(#""x":"""#).count
        let most = Self.completed(#""x":"\#(String(repeating: "A", count: rest))""#)
        #expect(most.count == 4 << 20)
        try expectCompleted(most)
        #expect(try Self.code(of: most + [0x20]) == .invalidResponse)
    }

    /// Of a long reply no tree is made, which must not show.
    @Test func lengthDoesNotChangeWhatAReplyMeans() throws {
        let padding = String(repeating: #""padding":[0,{"url":1}],"#, count: 4000)
        let long = #""x":"\#(String(repeating: "A", count: 100_000))","#
        let bodies =
            try Samples.bodies() + [
                #"{"data":{"status":"completed","url":""}}"#,
                #"{"data":{"st\u0061tus":"completed","u\u0072l":"https://h/a"}}"#,
                #"{"data":{"status":"failed","error":{"code":7,"message":"no"}},"error":{"message":"other"}}"#,
                #"{"data":{"status":"failed","error":"text"}}"#, #"{"data":[],"error":{"error":{"error":1}}}"#,
                #"{"data":{"status":"completed","preview":[]}}"#, #"{"data":{"preview":{"a":1}}}"#,
                #"{"data":{"transcript":[{}]}}"#, #"{"data":{"status":{}}}"#, #"{"data":{"status":[1]}}"#,
                #"{"data":{"status":"completed"},"data":{"status":"in-progress"}}"#, #"{"data":{"status":true}}"#,
                #"{"data":{"status":"completed","url":"https://h/a","width":"12","height":1e999,"aiCreditsUsed":0.60}}"#,
                #"{"data":{"status":"completed","url":"https://h/\ud83d"}}"#,
                #"{"job_id":"\ud83d","data":{"status":"failed"}}"#,
                #"{"data":{"status":"failed","error_message":"a cat \ud83d","error_code":12345678901234567890}}"#,
            ]
        for body in bodies where body.first == "{" && body.count > 2 {
            for status in [200, 404, 500] {
                let expected = try Replies.outcome(Array(body.utf8), status: status)
                for more in [padding, long] {
                    let outcome = try Replies.outcome(Array("{\(more)\(body.dropFirst())".utf8), status: status)
                    #expect(outcome == expected, "\(body)")
                }
            }
        }
    }

    @Test(arguments: ["[\(String(repeating: "0,", count: 50_000))0]", "\"\(String(repeating: "x", count: 100_000))\""])
    func longReplyThatIsNoObjectIsAnInvalidResponse(body: String) throws {
        #expect(try Replies.failure(body).message == "The API's reply is JSON but not an object.")
        #expect(try Replies.failure(String(body.dropLast())).message.hasPrefix("The API's reply is not JSON"))
    }

    @Test func nestingBeyondTheLimitIsAnInvalidResponse() throws {
        #expect(try Self.code(of: Self.completed(#""meta":\#(Self.nested(513))"#)) == .invalidResponse)
    }

    @Test func failureIsKnownThoughItsMessageIsCutWithinAnEmoji() throws {
        let failure = try Replies.failure(
            Replies.job(#""status":"failed","error_code":"5001","error_message":"flagged: a cat \ud83d""#))
        #expect(failure.code == .jobFailed)
        #expect(failure.apiMessage == "flagged: a cat \u{FFFD}")
    }

    /// A part of an id is lost, so nobody can say whose the reply is.
    @Test(arguments: ["job_id", "jobId", "jobid"]) func damagedIdIsNoClearOne(name: String) throws {
        for id in [#"\ud83d\#(Replies.text)"#, Replies.text.replacing("4d82", with: #"4d8\udc00"#)] {
            let data = #""status":"completed",\#(Self.url)"#
            #expect(try Replies.failure(#"{"\#(name)":"\#(id)","data":{\#(data)}}"#).code == .invalidResponse)
            #expect(try Replies.failure(#"{"data":{"\#(name)":"\#(id)",\#(data)}}"#).code == .invalidResponse)
        }
        let bytes = Array(#"{"\#(name)":"4d82"#.utf8) + [0xFF] + Array(#"","data":{"status":"in-progress"}}"#.utf8)
        #expect(try Self.code(of: bytes) == .invalidResponse)
    }

    @Test func damagedURLIsNoClearOne() throws {
        let head = #"{"job_id":"\#(Replies.text)","data":{"status":"completed","url":"https://images.example/caf"#
        for damage in [[0xE9], Array(#"\ud83d"#.utf8), Array("\u{FFFD}".utf8)] as [[UInt8]] {
            let body = Array(head.utf8) + damage + Array(#".png"}}"#.utf8)
            #expect(try Self.code(of: body) == .invalidResponse)
        }
        // Where it is not needed it does not matter.
        #expect(try Replies.reply(Replies.job(#""status":"in-progress","url":"x\ud83d""#)).state == .inProgress)
    }

    @Test func damagedStatusIsUnknown() throws {
        #expect(try Replies.failure(Replies.job(#""status":"complete\ud83d""#)).code == .unknownStatus)
    }

    @Test func creditsBeyondAnyRangeAreUnknown() throws {
        let image = try Replies.image(#""status":"completed",\#(Self.url),"aiCreditsUsed":1e999,"width":1e999"#)
        #expect(image.creditsUsed == nil)
        #expect(image.width == nil)
    }

    private static func code(of body: [UInt8]) throws -> FailureCode? {
        switch try Replies.outcome(body) {
        case .success: nil
        case .failure(let failure): failure.code
        }
    }
}

/// The replies that have been seen.
private enum Samples {
    static func bodies() throws -> [String] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("samples/replies")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.map { try String(contentsOf: $0, encoding: .utf8) }
    }
}
