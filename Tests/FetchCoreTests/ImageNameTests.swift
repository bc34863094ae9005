import FetchCore
import Testing

@Suite struct ImageNameTests {
    @Test(arguments: ["a.png", "a/b/c", "a b", "é", "_", "~", String(repeating: "a", count: 255), "a/\u{202E}b"])
    func pathOfPlainNamesIsAName(text: String) throws {
        let name = try #require(ImageName(text))
        #expect(name.text == text)
        #expect(name.components == text.split(separator: "/").map(String.init))
    }

    @Test(arguments: [
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", ".a", "a/.b", "-a", "a/-b", "a\u{0}", "a\nb",
        "a\u{7F}",
        "a\u{85}", String(repeating: "a", count: 256), "a/" + String(repeating: "é", count: 128),
    ]) func whatLeadsOutOrIsHiddenOrTooLongIsNone(text: String) {
        #expect(ImageName(text) == nil)
    }

    /// To the system they are two files.
    @Test func namesThatOnlyLookAlikeDiffer() throws {
        let (composed, decomposed) = (try #require(ImageName("\u{E9}")), try #require(ImageName("e\u{301}")))
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed)
        var names = RecordedNames()
        names.note(composed.text, .sample, of: .sample(1))
        #expect(names.holder(of: composed) == .sample(1))
        #expect(names.holder(of: decomposed) == nil)
    }

    @Test func messageShowsNothingThatATerminalObeys() throws {
        #expect(try #require(ImageName("a\u{202E}b")).shown == #"a\u{202e}b"#)
        let long = try #require(
            ImageName(Array(repeating: String(repeating: "a", count: 200), count: 5).joined(separator: "/")))
        #expect(long.shown.unicodeScalars.count == 300)
    }
}
