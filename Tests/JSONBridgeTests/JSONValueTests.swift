import JSONBridge
import Testing

@Suite struct JSONValueTests {
    @Test func accessorsAnswerForTheirOwnKindOnly() throws {
        let kinds = try value(#"[null,true,"7",7,[7],{"a":7}]"#).array ?? []
        #expect(kinds.map(\.isNull) == [true, false, false, false, false, false])
        #expect(kinds.map(\.bool) == [nil, true, nil, nil, nil, nil])
        #expect(kinds.map(\.string) == [nil, nil, "7", nil, nil, nil])
        #expect(kinds.map(\.number?.int) == [nil, nil, nil, 7, nil, nil])
        #expect(kinds.map(\.array?.count) == [nil, nil, nil, nil, 1, nil])
        #expect(kinds.map(\.object?.count) == [nil, nil, nil, nil, nil, 1])
        #expect(kinds.map { $0["a"]?.number?.int } == [nil, nil, nil, nil, nil, 7])
    }

    @Test func subscriptTellsAMissingMemberFromNull() throws {
        let object = try value(#"{"a":null}"#)
        #expect(object["a"] == .some(.null))
        #expect(object["b"] == nil)
    }

    @Test func subscriptComparesNamesByBytes() throws {
        let object = try value("{\"e\u{301}\":1}")
        #expect(object["e\u{301}"]?.number?.int == 1)
        #expect(object["\u{E9}"] == nil)
    }

    @Test func equalityIsOfBytes() {
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(JSONMember(name: "\u{E9}", value: .null) != JSONMember(name: "e\u{301}", value: .null))
        #expect(JSONValue.string("\u{E9}") == .string("\u{E9}"))
        #expect(JSONValue.null != .bool(false))
    }
}

@Suite struct JSONNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("-12", -12), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
            ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil), ("1.5", nil),
        ] as [(String, Int?)])
    func intIsExactOrNil(text: String, expected: Int?) throws {
        #expect(try #require(JSONNumber(text: text)).int == expected)
    }

    @Test(arguments: [
        ("0.6", 0.6), ("-1.10", -1.1), ("1e2", 100), ("18446744073709551616", 18_446_744_073_709_551_616),
        ("1e-999", 0),
    ])
    func doubleIsTheNearest(text: String, expected: Double) throws {
        #expect(try #require(JSONNumber(text: text)).double == expected)
    }

    @Test(arguments: [
        "", " 1", "1 ", "+1", "01", "1.", "1e", "1e400", "NaN", "inf", "0x1", "1\0", "a", "\"1\"", "[1]", "1,2",
    ])
    func aNumberIsMadeOfItsGrammarOnly(text: String) {
        #expect(JSONNumber(text: text) == nil)
    }

    @Test func anIntegerIsSpelledInDigits() {
        #expect(JSONNumber(-120).text == "-120")
        #expect(JSONNumber(Int.min).int == Int.min)
    }
}
