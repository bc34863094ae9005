import JSONBridge
import Testing

@Suite struct JSONExcerptTests {
    private func excerpt(
        _ text: String, levels: Int = 2, limits: JSONLimits = .standard, reading: JSONReading = .loose
    ) throws(JSONError) -> JSONValue {
        try JSONValue(excerpt: ["a", "b"], of: Array(text.utf8), levels: levels, limits: limits, reading: reading)
    }

    @Test(arguments: [
        (#"{"x":[1,2],"a":1,"y":{"a":2}}"#, #"{"a":1}"#), (#" {"b":"x","a":-0} "#, #"{"a":-0,"b":"x"}"#),
        (#"{"a":1,"a":{"b":2,"c":3}}"#, #"{"a":{"b":2}}"#), (#"{"\u0061":1,"\u0061b":2,"aa":3}"#, #"{"a":1}"#),
        (#"{"a":[1,2,3],"b":[ ]}"#, #"{"a":[null],"b":[]}"#),
        (#"{"a":{"b":{"a":1},"a":{ }}}"#, #"{"a":{"a":{},"b":{"":null}}}"#), (#"{"a":{}}"#, #"{"a":{}}"#),
        ("{}", "{}"), (#"{"x":1}"#, #"{"":null}"#), (#"{"a":{"x":1}}"#, #"{"a":{"":null}}"#), (" [1,2] ", "[null]"),
        ("[]", "[]"), (#""a""#, #""a""#), ("12", "12"), ("null", "null"),
        (#"{"a":true,"b":null}"#, #"{"a":true,"b":null}"#),
        (#"{"a":12345678901234567890}"#, #"{"a":12345678901234567890}"#),
        (#"{"a":"\ud83d","\ud83d":1}"#, "{\"a\":\"\u{FFFD}\"}"), ("\u{FEFF}{\"a\":1}", #"{"a":1}"#),
    ]) func onlyWhatIsWantedIsKept(text: String, expected: String) throws {
        #expect(try excerpt(text) == value(expected))
    }

    @Test(arguments: [
        "{", #"{"x":}"#, #"{"x":tru}"#, #"{"a":1}{}"#, "", #"{"x":{"y":[1,]}}"#, #"{"x":'a'}"#, #"{"\u0000":1}"#,
    ])
    func whatIsNoJSONIsRefusedAsByADocument(text: String) throws {
        let expected = try #require(error(in: text, reading: .loose))
        #expect(throws: expected) { try excerpt(text) }
    }

    @Test func limitsHold() {
        #expect(throws: JSONError(.tooLong, at: 3)) { try excerpt("[1,2]", limits: JSONLimits(bytes: 3)) }
        #expect(throws: JSONError(.tooDeep, at: 6)) { try excerpt(#"{"x":[[1]]}"#, limits: JSONLimits(depth: 2)) }
        #expect(throws: JSONError(.loneSurrogate, at: 6)) { try excerpt(#"{"a":"\ud83d"}"#, reading: .strict) }
    }
}
