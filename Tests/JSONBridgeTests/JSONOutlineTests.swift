import JSONBridge
import Testing

@Suite struct JSONOutlineTests {
    /// The member's value as it stands in the text.
    private func value(_ name: StaticString, in text: String, _ outline: inout JSONOutline) throws -> String? {
        let bytes = Array(text.utf8)
        try outline.read(bytes.span)
        return outline.range(ofMember: name, in: bytes.span).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(arguments: [
        (#"{"a":1,"b":[1,{"c":2}]}"#, "1"), (#" { "b" : 0 , "a" : {"a":2} } "#, #"{"a":2}"#),
        (#"{"a":1,"a":"x"}"#, #""x""#),
        (#"{"b":{"a":1}}"#, nil), (#"{"aa":1,"":2,"A":3}"#, nil), (#"[{"a":1}]"#, nil), (#""a""#, nil), ("{}", nil),
    ]) func membersOfTheOutermostObjectAreFound(text: String, expected: String?) throws {
        var outline = JSONOutline()
        #expect(try value("a", in: text, &outline) == expected)
    }

    @Test(arguments: [
        (#"{"o":{"a":1}}"#, "1"), (#"{"x":{"a":1},"o":{ "b":0, "a" : [2] },"y":{"a":3}}"#, "[2]"),
        (#"{"o":{"a":1,"a":2}}"#, "2"), (#"{"o":{"a":1},"o":{"a":2}}"#, "2"), (#"{"o":{"a":1},"o":{}}"#, nil),
        (#"{"o":{"p":{"a":1}}}"#, nil), (#"{"o":[{"a":1}]}"#, nil), (#"{"o":"a"}"#, nil), (#"{"o":{"aa":1}}"#, nil),
        (#"[{"o":{"a":1}}]"#, nil),
    ]) func membersOfItsObjectsAreFound(text: String, expected: String?) throws {
        var outline = JSONOutline()
        // What was read before is forgotten.
        try outline.read(Array(#"{"o":{"a":0}}"#.utf8).span)
        let bytes = Array(text.utf8)
        try outline.read(bytes.span)
        let outer = outline.range(ofMember: "o", in: bytes.span)
        let inner = outer.flatMap { outline.range(ofMember: "a", within: $0, in: bytes.span) }
        #expect(inner.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
    }

    @Test func eachTextIsOutlinedOnItsOwn() throws {
        var outline = JSONOutline()
        #expect(try value("a", in: #"{"a":1}"#, &outline) == "1")
        // The same bytes at the same place, and no member.
        #expect(try value("a", in: #"["a",1]"#, &outline) == nil)
        #expect(throws: JSONError.self) { try value("a", in: #"{"a":1"#, &outline) }
        #expect(try value("a", in: #"{"b":1,"a":2}"#, &outline) == "2")
    }

    @Test(arguments: ["", "{", "{}}", "{'a':1}", #"{"a":1,}"#, #"{"a":01}"#, "\u{FEFF}{}", "nul", #"{"a":"\x"}"#])
    func whatIsNoJSONIsRefusedAsByADocument(text: String) throws {
        var outline = JSONOutline()
        let expected = try #require(error(in: text))
        #expect(throws: expected) { try outline.read(Array(text.utf8).span) }
    }

    @Test func depthIsLimited() {
        var outline = JSONOutline(depth: 2)
        #expect(throws: Never.self) { try outline.read(Array("[[]]".utf8).span) }
        #expect(throws: JSONError(.tooDeep, at: 2)) { try outline.read(Array("[[[]]]".utf8).span) }
    }
}
