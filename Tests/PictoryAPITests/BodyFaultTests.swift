import FetchCore
import Testing

/// Bodies with HTTP 200 that are no reply of the API.
@Suite struct BodyFaultTests {
    private static let completed = Replies.job(
        #""status":"completed","url":"https://images.example/a.png","width":1024,"height":1024,"aiCreditsUsed":0.6"#)

    @Test(arguments: [
        "", " ", "\n", "\0", "null", "true", "0", "\"\"", "[]", "[{}]", "{", "}", "{]", "{'a':1}", "nonsense", "{}{}",
        "NaN",
        "<html></html>", "\u{FEFF}", "\u{FEFF}{", #"{"data":{"status":"in-progress"},}"#,
        #"{"data":{"status":"in-\#tprogress"}}"#, #"{"data":{"status":"in-progress","width":Infinity}}"#,
    ])
    func whatIsNoJSONObjectIsAnInvalidResponse(_ body: String) throws {
        let failure = try Replies.failure(body)
        #expect(failure.code == .invalidResponse)
        #expect(failure.stage == .poll)
        #expect(failure.httpStatus == 200)
    }

    @Test func aWebPageIsNamedAsOne() throws {
        #expect(try Replies.failure("<!DOCTYPE html><html></html>").message.contains("web page"))
    }

    @Test func anEmptyObjectIsAnInvalidResponse() throws {
        #expect(try Replies.failure("{}").code == .invalidResponse)
    }

    @Test func aNULAnywhereIsNotCompleted() throws {
        let bytes = Array(Self.completed.utf8)
        for position in 0...bytes.count {
            var broken = bytes
            broken.insert(0, at: position)
            #expect(try Self.code(of: broken) == .invalidResponse)
        }
    }

    @Test(arguments: ["[", #"{"a":"#]) func deepNestingIsAnInvalidResponse(_ opening: String) throws {
        let deep = String(repeating: opening, count: 100_000)
        #expect(try Replies.failure(deep).code == .invalidResponse)
        #expect(try Replies.failure(#"{"data":\#(deep)"#).code == .invalidResponse)
        #expect(try Replies.failure(deep, status: 500).code == .serverError)
    }

    @Test func closedDeepNestingIsAnInvalidResponse() throws {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(try Replies.failure(#"{"data":{"status":"in-progress"},"x":\#(deep)}"#).code == .invalidResponse)
    }

    @Test func aHugeBodyIsAnInvalidResponse() throws {
        let padding = String(repeating: " ", count: 4 << 20)
        #expect(try Replies.failure(Self.completed + padding).code == .invalidResponse)
    }

    @Test func aCompletedReplyCutAtAnyByteIsNotCompleted() throws {
        let bytes = Array(Self.completed.utf8)
        for length in 0..<bytes.count {
            #expect(try Self.code(of: Array(bytes[..<length])) == .invalidResponse)
        }
        #expect(try Self.code(of: bytes) == nil)
    }

    @Test func everyDamagedByteHasAnAnswer() throws {
        let bytes = Array(Self.completed.utf8)
        let expected: Set<FailureCode?> = [nil, .invalidResponse, .unknownStatus, .notAnImageJob, .jobIDMismatch]
        for position in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << bit
                #expect(expected.contains(try Self.code(of: damaged)))
            }
        }
    }

    @Test func anyBytesHaveAnAnswerUnderAnyStatus() throws {
        var generator = Xorshift(state: 0x9E37_79B9_7F4A_7C15)
        for _ in 0..<2000 {
            let body = (0..<Int.random(in: 0..<64, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let status = Int.random(in: 201...599, using: &generator)
            #expect(try Self.code(of: body, status: status) != nil)
            #expect(try Self.code(of: body) == .invalidResponse)
        }
    }

    /// The failure's code, nil for a reply of a job that may still give an image.
    private static func code(of body: [UInt8], status: Int = 200) throws -> FailureCode? {
        switch try Replies.outcome(body, status: status) {
        case .success: nil
        case .failure(let failure): failure.code
        }
    }
}

/// A generator with a seed, so that a failing test fails again.
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
