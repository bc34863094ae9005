import JSONBridge
import Testing

@Suite struct JSONTextTests {
    private func text(_ spelled: String) -> String {
        String(decoding: JSONText.utf8(spelled: Array(spelled.utf8).span, loneSurrogate: "?"), as: UTF8.self)
    }

    @Test(arguments: [
        "", "plain é€😀", #"\"\\\/\b\f\n\r\t"#, #"\u0041\u00e9\u20AC\uFFFD\u0000"#, #"\ud83d\ude00"#, #"\\ud83d"#,
        #"\\\\u"#,
        #"a\u0062c\\"#,
    ]) func textIsThatOfTheTree(spelled: String) throws {
        let string = try #require(JSONDocument(parsing: Array("\"\(spelled)\"".utf8)).root.string)
        #expect(text(spelled).unicodeScalars.elementsEqual(string.unicodeScalars))
    }

    @Test(arguments: [
        (#"\ud83d"#, "?"), (#"a\ude00b"#, "a?b"), (#"\ud83d\ud83d\ude00"#, "?😀"), (#"\ude00\ud83d"#, "??"),
        (#"\ud83dA"#, "?A"), (#"\ud83d\u0041"#, "?A"), (#"\ud83d\n"#, "?\n"),
    ]) func halfOfAPairIsSubstituted(spelled: String, expected: String) {
        #expect(text(spelled) == expected)
    }

    @Test func memberOfAnyNameIsFound() throws {
        let object = Array(#"{"é":1,"ab":2,"a":3,"a":4,"\u0062":5}"#.utf8)
        var outline = JSONOutline()
        try outline.read(object.span)
        let names = ["é", "ab", "a", "b", "", "e\u{301}"]
        let values = names.map { name in
            outline.range(ofMember: name, in: object.span).map { String(decoding: object[$0], as: UTF8.self) }
        }
        #expect(values == ["1", "2", "4", nil, nil, nil])
    }
}
