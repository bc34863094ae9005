import JSONBridge
import Testing

/// The grammar of RFC 8259.
@Suite struct JSONGrammarTests {
    @Test(arguments: [
        ("null", JSONValue.null),
        ("true", .bool(true)),
        (" false\t\r\n", .bool(false)),
        ("[]", .array([])),
        ("{}", .object([])),
        ("[ ]", .array([])),
        ("{ }", .object([])),
        (#""""#, .string("")),
        (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
        (#""\u00e9\u20AC""#, .string("\u{E9}\u{20AC}")),
        ("\"\u{7F}\u{E9}\u{20AC}\u{1F600}\u{2028}\"", .string("\u{7F}\u{E9}\u{20AC}\u{1F600}\u{2028}")),
        ("\"\u{FFFE}\u{FFFF}\"", .string("\u{FFFE}\u{FFFF}")),
        (
            "[null, [true] ,{\"a\" : false}]",
            .array([.null, .array([.bool(true)]), .object([JSONMember(name: "a", value: .bool(false))])])
        ),
        (#"{"":""}"#, .object([JSONMember(name: "", value: .string(""))])),
        (#"{"\u0061\/":null}"#, .object([JSONMember(name: "a/", value: .null)])),
    ])
    func textHasThisValue(text: String, expected: JSONValue) throws {
        #expect(try value(text) == expected)
    }

    @Test(arguments: [
        "0", "-0", "0.0", "-0.0", "10", "1.10", "0.6", "1e5", "1E5", "1e+5", "1e-5", "0e0", "1.5E+03", "1e-999",
        "0e999",
        "1.7976931348623157e308", "5e-324", "0.1234567890123456789012345678901234567890", "100000000000000000000.50",
    ])
    func numberKeepsItsSpelling(text: String) throws {
        #expect(try value(text).number?.text == text)
        #expect(try value("[\(text),\(text)]").array?.map(\.number?.text) == [text, text])
    }

    @Test(arguments: [
        "01", "-01", "00", "1.", ".5", "-.5", "+1", "1e", "1e+", "1.e5", "0x10", "1_000", "--1", "1.2.3", "1e5e5",
        "1,5",
        "1e5.5", "0.", "- 1", "12345678901234567890.", "[12345678901234567890.]",
    ])
    func numberIsRejected(text: String) {
        #expect(error(in: text) != nil)
    }

    @Test(arguments: [
        "[", "]", "{", "}", "[}", "{]", "[1}", ":", ",", "\"", "\"a", "{\"a\"}", "{\"a\":}", "{\"a\":1,,\"b\":2}",
        "{1:2}",
        "{\"a\":1;}", "[1;2]", "undefined", "\\", "'a'", "\"\\x41\"", "\"\\u12\"", "\"\\u\"", "\"\\U0041\"", "\"\\\"",
        "\"\\0\"", "\u{A0}1", "\u{2028}1", "1\u{C}", "\u{B}1", "{\"a\":1 \"b\":2}", "[\"a\" \"b\"]", "{null:1}",
        "{\"a\" \"b\"}", "[[]", "{\"a\":{}", "[1]]", "{}}", "\0", "\0{}",
    ])
    func textIsRejected(text: String) {
        #expect(error(in: text) != nil)
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x9F, 0xBF], [0xE2, 0x82],
            [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x28, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
            [0xFF],
        ] as [[UInt8]])
    func invalidUTF8IsRejectedWhereItBegins(bytes: [UInt8]) {
        #expect(error(in: Array("{\"a\":\"x".utf8) + bytes + "\"}".utf8) == JSONError(.invalidUTF8, at: 7))
        #expect(error(in: Array("{\"x".utf8) + bytes + "\":1}".utf8) == JSONError(.invalidUTF8, at: 3))
        #expect(error(in: Array("{\"a\":\"x".utf8) + bytes) == JSONError(.invalidUTF8, at: 7))
    }

    @Test(arguments: [0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF] as [UInt32])
    func everyLengthOfUTF8IsAcceptedToItsEnds(code: UInt32) throws {
        let text = String(try #require(Unicode.Scalar(code)))
        #expect(try value("\"\(text)\"") == .string(text))
    }

    @Test func everyPrefixIsRejected() throws {
        let whole = Array(
            #"{"job_id":"4d\u00e9\ud83d\ude00","n":[1,-2.50e+3,12345678901234567890],"é€😀":{"t":true,"f":false,"z":null}}"#
                .utf8)
        _ = try JSONDocument(parsing: whole)
        for length in 0..<whole.count {
            #expect(error(in: Array(whole[..<length])) != nil, "\(length) bytes of \(whole.count)")
        }
    }
}
