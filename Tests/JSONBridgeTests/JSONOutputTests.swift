import JSONBridge
import Testing

@Suite struct JSONOutputTests {
    private func text(_ output: JSONOutput) -> String {
        String(decoding: output.encoded(), as: UTF8.self)
    }

    @Test func lineIsTheValueAndANewline() {
        let output = JSONOutput.object([("a", .string("b\n"))])
        #expect(output.line() == output.encoded() + [UInt8(ascii: "\n")])
    }

    @Test func scalarsAreSpelledPlainly() {
        #expect(text(.null) == "null")
        #expect(text(.bool(true)) == "true")
        #expect(text(.bool(false)) == "false")
        #expect(text(.integer(0)) == "0")
        #expect(text(.integer(Int.max)) == "9223372036854775807")
        #expect(text(.integer(Int.min)) == "-9223372036854775808")
        #expect(text(.string("")) == #""""#)
    }

    @Test(arguments: ["1.10", "-0", "123456789012345678901234567890", "1E+2", "0.60"])
    func numbersKeepTheirDigits(digits: String) throws {
        #expect(text(.array([.number(try #require(JSONNumber(text: digits)))])) == "[\(digits)]")
    }

    @Test func membersStandInTheOrderGivenWithoutSpaces() {
        let output = JSONOutput.object([
            ("z", .integer(1)), ("a", .array([.null, .array([]), .object([])])), ("m", .object([("b", .bool(true))])),
        ])
        #expect(text(output) == #"{"z":1,"a":[null,[],{}],"m":{"b":true}}"#)
    }

    @Test func whatMustBeEscapedIsAndNothingElse() {
        #expect(text(.string("\"\\\n\r\t\u{8}\u{C}\u{1}\u{1F}\0")) == #""\"\\\n\r\t\b\f\u0001\u001f\u0000""#)
        #expect(text(.string("a/b \u{7F}é€😀\u{2028}")) == "\"a/b \u{7F}é€😀\u{2028}\"")
        #expect(text(.object([("a/\"\n", .null)])) == #"{"a/\"\n":null}"#)
    }

    @Test(arguments: [
        #"{ "b" : 1.10, "a":[ 12345678901234567890 ,-0 ], "b":"\/\u00e9é" }"#, "1.10", "null", #""a\u0000b""#, "[ ]",
    ])
    func rawIsPassedThroughByteForByte(raw: String) {
        #expect(JSONOutput.raw(Array(raw.utf8)).encoded() == Array(raw.utf8))
        let record = JSONOutput.object([("v", .integer(1)), ("input", .raw(Array(raw.utf8))), ("runs", .integer(2))])
        #expect(record.encoded() == Array("{\"v\":1,\"input\":\(raw),\"runs\":2}".utf8))
    }

    @Test func aLongRawValueIsWhole() {
        let raw = Array("[\"\(String(repeating: "é", count: 500_000))\"]".utf8)
        #expect(JSONOutput.array([.raw(raw), .null]).encoded() == Array("[".utf8) + raw + ",null]".utf8)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let everyCharacter = String(
            String.UnicodeScalarView((UInt32(0)...0x2FF).compactMap(Unicode.Scalar.init) + ["\u{10FFFF}"]))
        let output = JSONOutput.object([
            (name: "s", value: .string(everyCharacter)),
            (
                name: String(everyCharacter.unicodeScalars.dropFirst()),
                value: .array([.bool(false), .null, .integer(-7)])
            ),
            (name: "n", value: .number(try #require(JSONNumber(text: "1.10")))),
        ])
        let expected = JSONValue.object([
            JSONMember(name: "s", value: .string(everyCharacter)),
            JSONMember(
                name: String(everyCharacter.unicodeScalars.dropFirst()),
                value: .array([.bool(false), .null, .number(JSONNumber(-7))])),
            JSONMember(name: "n", value: .number(try #require(JSONNumber(text: "1.10")))),
        ])
        #expect(try JSONDocument(parsing: output.encoded()).root == expected)
    }

    @Test func whatARangeCutsOutGoesBackAsItStood() throws {
        let line = Array(#"{"v":1, "input" : { "seed":18446744073709551616.0, "n" : 1.10 } }"#.utf8)
        let range = try #require(try JSONDocument(parsing: line).range(ofMember: "input"))
        let again = JSONOutput.object([("input", .raw(Array(line[range])))]).encoded()
        #expect(String(decoding: again, as: UTF8.self) == #"{"input":{ "seed":18446744073709551616.0, "n" : 1.10 }}"#)
    }
}
