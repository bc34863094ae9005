import Testing

@testable import Report

@Suite struct TemplateTests {
    private func rendered(_ source: String, _ object: PageObject) throws -> String {
        String(decoding: try Template(Array(source.utf8)).rendered(with: object), as: UTF8.self)
    }

    @Test func textIsEscapedAndMarkupIsNotWhateverTheBraces() throws {
        let object: PageObject = ["t": .text("<b>"), "m": .markup(Array("<i>".utf8))]
        #expect(try rendered("{{t}}|{{{t}}}|{{m}}|{{{m}}}", object) == "&lt;b&gt;|&lt;b&gt;|<i>|<i>")
    }

    @Test func sectionIsThereForEachItemAndLooksOutwards() throws {
        let object: PageObject = [
            "of": .text("x"), "list": .objects([["n": .text("1")], ["n": .text("2"), "of": .text("y")]]),
        ]
        #expect(try rendered("{{#list}}{{n}}{{of}} {{/list}}", object) == "1x 2y ")
        #expect(try rendered("{{#l}}[{{.}}]{{/l}}", ["l": .texts(["a", "<"])]) == "[a][&lt;]")
    }

    @Test(arguments: [
        (PageValue?.none, "no"), (.flag(false), "no"), (.list([]), "no"), (.text(""), "no"), (.markup([]), "no"),
        (.flag(true), "yes"), (.text("a"), "yes"), (.object([:]), "yes"),
    ])
    func whatIsAbsentOrEmptyIsNotThere(value: PageValue?, expected: String) throws {
        var object: PageObject = [:]
        object["v"] = value
        #expect(try rendered("{{#v}}yes{{/v}}{{^v}}no{{/v}}", object) == expected)
    }

    @Test func lineThatHoldsNothingButASectionTagVanishes() throws {
        let source = "a\n  {{#v}}\n  b {{#w}}c{{/w}}\n  {{/v}}\n{{! a remark }}\nd"
        #expect(try rendered(source, ["v": .flag(true), "w": .flag(true)]) == "a\n  b c\nd")
        #expect(try rendered("{{#v}}\n{{/v}}\n", ["v": .flag(true)]) == "")
        #expect(try rendered("{{#v}}{{/v}} x\n", ["v": .flag(true)]) == " x\n")
    }

    @Test func itemsOfAStreamedSectionAreRenderedOneByOne() throws {
        let template = try Template(Array("<{{a}}{{#s}}({{n}}{{a}}){{/s}}>{{a}}".utf8))
        let page = try #require(template.rendered(with: ["a": .text("A")], around: "s"))
        #expect(String(decoding: page.before, as: UTF8.self) == "<A")
        #expect(String(decoding: page.item(["n": .text("1")]), as: UTF8.self) == "(1A)")
        #expect(String(decoding: page.after, as: UTF8.self) == ">A")
        #expect(template.rendered(with: [:], around: "other")?.before == nil)
    }

    @Test(arguments: [
        ("a\n{{b", TemplateError.tagWithoutEnd(line: 2)), ("{{ b }}", .noName(" b ", line: 1)),
        ("{{#a}}{{/b}}", .endsWhatHasNotBegun("b")), ("{{/a}}", .endsWhatHasNotBegun("a")),
        ("{{#a}}", .endsWithin("a")), ("{{}}", .noName("", line: 1)),
    ])
    func whatIsNoTemplateIsAnError(source: String, error: TemplateError) {
        #expect(throws: error) { try Template(Array(source.utf8)) }
    }

    /// A mark after a character makes another character of it for Swift, but not for a browser.
    @Test(arguments: ["", "\u{301}", "\u{200D}", "\u{338}", "\u{FE0F}"])
    func escapingGoesByBytes(mark: String) {
        let text = String(decoding: HTMLText.escaped("<\(mark)>\(mark)\"\(mark)'\(mark)&\(mark)"), as: UTF8.self)
        #expect(text.utf8.elementsEqual("&lt;\(mark)&gt;\(mark)&quot;\(mark)&#39;\(mark)&amp;\(mark)".utf8))
    }

    @Test(arguments: [
        ("a\0b", #"a\u{0}b"#), ("a\u{1B}[1m", #"a\u{1b}[1m"#), ("a\u{202E}gnp.b", #"a\u{202e}gnp.b"#),
        ("\u{2067}a\u{2069}", #"\u{2067}a\u{2069}"#), ("a\u{85}b", #"a\u{85}b"#), ("a\tb\nc", "a\tb\nc"),
        // A joiner is a part of words.
        ("\u{645}\u{6CC}\u{200C}\u{62E}", "\u{645}\u{6CC}\u{200C}\u{62E}"),
    ])
    func whatDisruptsTheTextAroundItIsShown(text: String, shown: String) throws {
        #expect(try rendered("{{t}}", ["t": .text(text)]).utf8.elementsEqual(shown.utf8))
    }
}
