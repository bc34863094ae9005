import JSONBridge
import Testing

/// What json-c accepts, or changes silently, even in its strict mode.
@Suite struct JSONStrictnessTests {
    @Test func singleQuotesAreRejected() {
        #expect(error(in: "{'a':1}") == JSONError(.expectedName, at: 1))
        #expect(error(in: #"{"a":'b'}"#) == JSONError(.expectedValue, at: 5))
    }

    @Test(arguments: ["NaN", "nan", "Infinity", "[NaN]", #"{"a":Infinity}"#])
    func wordsForNoNumberAreRejected(text: String) {
        #expect(error(in: text)?.reason == .expectedValue)
    }

    @Test(arguments: ["-Infinity", "[-Infinity]", "-NaN", "-"])
    func aMinusWithoutDigitsIsRejected(text: String) {
        #expect(error(in: text)?.reason == .invalidNumber)
    }

    @Test(arguments: ["1e400", "-1e400", "[1e309]", "1E+400", "0.1e400", String(repeating: "9", count: 400)])
    func aNumberBeyondDoubleIsRejected(text: String) {
        #expect(error(in: text)?.reason == .numberOutOfRange)
    }

    @Test(arguments: [
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "18446744073709551616", "123456789012345678901234567890",
        "999999999999999999", "1000000000000000000", "-0",
    ])
    func integersKeepTheirDigits(text: String) throws {
        let number = try #require(JSONNumber(text: text))
        #expect(try value(text) == .number(number))
        #expect(try value("[\(text)]") == .array([.number(number)]))
        #expect(try value("{\"a\": \(text) ,\"b\":[7,\(text)]}")["b"]?.array?.last?.number?.text == text)
    }

    @Test func aNameWithNullIsRejectedAtAnyDepth() {
        #expect(error(in: #"{"a\u0000b":1}"#) == JSONError(.nullInName, at: 3))
        #expect(error(in: #"[{"x":{"\u0000":1}}]"#) == JSONError(.nullInName, at: 8))
    }

    @Test func aStringMayHoldNull() throws {
        #expect(try value(#""a\u0000b""#) == .string("a\0b"))
    }

    @Test(arguments: [
        #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#, #""\ud800\ue000""#,
        #""\udc00\ud800""#,
        #"{"\uD83D":1}"#,
    ])
    func aLoneSurrogateIsRejected(text: String) {
        #expect(error(in: text)?.reason == .loneSurrogate)
    }

    @Test func aSurrogatePairIsOneCharacter() throws {
        #expect(try value(#""\ud83d\ude00""#) == .string("\u{1F600}"))
        #expect(try value(#""\uDBFF\uDFFF""#) == .string("\u{10FFFF}"))
    }

    @Test(arguments: UInt8(0)..<0x20)
    func aRawControlCharacterIsRejected(byte: UInt8) {
        let quote = UInt8(ascii: "\"")
        #expect(error(in: [quote, byte, quote]) == JSONError(.controlCharacter, at: 1))
    }

    @Test(arguments: ["[1,]", #"{"a":1,}"#, "[,1]", "[1,,2]"])
    func aStrayCommaIsRejected(text: String) {
        #expect([.expectedValue, .expectedName].contains(error(in: text)?.reason))
    }

    @Test(arguments: ["/* a */1", "[1 /* a */]", "[1 // a\n]", "1 // a", "1 # a"])
    func aCommentIsRejected(text: String) {
        #expect(error(in: text) != nil)
    }

    @Test func ofARepeatedNameTheLastValueCounts() throws {
        let document = try document(#"{"a":1,"b":2,"a":[3]}"#)
        #expect(document.root["a"] == (try value("[3]")))
        #expect(document.root.object?.map(\.name) == ["a", "b"])
        #expect(document.repeatedMembers == ["a"])
    }

    @Test func aByteOrderMarkIsCalledByItsName() {
        #expect(error(in: [0xEF, 0xBB, 0xBF] + "{}".utf8) == JSONError(.byteOrderMark, at: 0))
        #expect(error(in: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) == JSONError(.byteOrderMark, at: 0))
        #expect(error(in: [0xFE, 0xFF, 0, 0x7B, 0, 0x7D]) == JSONError(.byteOrderMark, at: 0))
    }

    @Test(arguments: ["0", "7", "-1", "1.5", "1e5", "12345678901234567890", " 42 "])
    func aNumberOnItsOwnEnds(text: String) throws {
        let digits = text.filter { $0 != " " }
        #expect(try value(text).number?.text == digits)
    }

    @Test func bytesAfterANumberOnItsOwnAreNotRead() throws {
        let bytes = Array("1234".utf8)
        #expect(try JSONDocument(parsing: bytes.span.extracting(1..<3).bytes).root.number?.text == "23")
    }

    @Test(arguments: ["True", "NULL", "nullx", "truefalse", "tru", "n"])
    func aWordIsSpelledExactly(text: String) {
        #expect(error(in: text) != nil)
    }

    @Test(arguments: ["{}{}", "1 2", "{}\0", "{}x", "\"a\"\"b\"", "null,"])
    func bytesAfterTheValueAreRejected(text: String) {
        #expect(error(in: text)?.reason == .trailingBytes)
    }
}
