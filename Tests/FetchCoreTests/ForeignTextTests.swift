import FetchCore
import Testing

@Suite struct ForeignTextTests {
    @Test(arguments: [
        ("plain words, é and 漢字", "plain words, é and 漢字"), ("a\u{1B}[2Jb", #"a\u{1b}[2Jb"#), ("a\nb", #"a\u{a}b"#),
        ("a\u{9B}b", #"a\u{9b}b"#), ("a\u{202E}b", #"a\u{202e}b"#), ("a\u{2028}b", #"a\u{2028}b"#),
        ("a\u{200B}b", #"a\u{200b}b"#), ("a\u{FE0F}b", #"a\u{fe0f}b"#), ("a\u{E000}b", #"a\u{e000}b"#),
        (#"a"b\c"#, #"a\"b\\c"#), ("", ""),
    ])
    func whatATerminalWouldObeyOrHideIsEscaped(text: String, printable: String) {
        #expect(ForeignText.printable(text, limit: 30) == printable)
    }

    @Test(arguments: [
        ("two lines\nwith “quotes” and \\", "two lines\nwith “quotes” and \\"),
        ("a\u{1B}[2Jb\r\n", "a\\u{1b}[2Jb\\u{d}\n"),
        ("a\tb", #"a\u{9}b"#), ("a\u{9B}b\u{7F}", #"a\u{9b}b\u{7f}"#), ("a\u{202E}b", #"a\u{202e}b"#),
        // A joiner is part of a word.
        ("👩\u{200D}🎨", "👩\u{200D}🎨"), ("", ""),
    ])
    func onlyWhatDisturbsATerminalIsEscapedInLines(text: String, lines: String) {
        #expect(ForeignText.lines(text) == lines)
    }

    @Test func theLimitCountsScalarsTheEllipsisIncluded() {
        #expect(ForeignText.beginning(of: "abc", limit: 3) == "abc")
        #expect(ForeignText.beginning(of: "abcd", limit: 3) == "ab…")
        #expect(ForeignText.beginning(of: "e\u{301}\u{301}\u{301}", limit: 3) == "e\u{301}…")
        #expect(ForeignText.printable("\n\n\n\n", limit: 3) == #"\u{a}\u{a}…"#)
    }
}
