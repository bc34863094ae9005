import FetchCore
import Testing
import TestSupport

@testable import Manifests

@Suite struct NameTemplateTests {
    /// The name for the first sample id in line 7, with these values for the template's fields in their order.
    private func name(_ template: String, _ values: String?...) throws -> String {
        try NameTemplate(template)
            .name(of: Sample.id(), line: 7, values: values.map { $0.map { Array($0.utf8) } }).text
    }

    private func fault(_ template: String) -> String? {
        do {
            _ = try NameTemplate(template)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("{job_id}.png", "\(Sample.idText).png"), ("{job_id:36}", Sample.idText), ("{job_id:1}", "0"),
        ("{job_id:2}/{job_id:10}/{job_id}.png", "0b/0b7e6f6c-5/\(Sample.idText).png"), ("{line}.png", "7.png"),
        ("a{{b}}{line}", "a{b}7"), ("{{{line}}}", "{7}"), ("{line}}}", "7}"), ("{{{{{line}", "{{7"),
        ("é/{line}", "é/7"), ("{line}/", "7/_"), ("a//{line}", "a/_/7"),
        (".a{line}/-b{line}", "_a7/_b7"), ("a.b-c{line}", "a.b-c7"), ("..a{line}", "_.a7"),
    ]) func placeholdersStandForWhatTheyName(template: String, expected: String) throws {
        #expect(try name(template) == expected)
    }

    @Test func fieldsStandForTheirValues() throws {
        #expect(try name("{customer}/{a.b}.png", "acme", "1.50") == "acme/1.50.png")
        #expect(try NameTemplate("{x}{a.b.c}{x}").fields == [["x"], ["a", "b", "c"]])
        #expect(try name("{x}-{x}", "1") == "1-1")
        #expect(try NameTemplate("{ a b }{é}{jobId}{line.x}").fields == [[" a b "], ["é"], ["jobId"], ["line", "x"]])
    }

    @Test(
        arguments: [
            (nil, "_"), ("", "_"), ("a/b", "a_b"), ("/", "_"), ("../../etc/passwd", "_._.._etc_passwd"), ("..", "_."),
            (".", "_"), ("-rf", "_rf"), ("a\u{0}b", "a_b"), ("\u{1}\u{1F}\u{7F}\u{80}\u{9F}", "_____"),
            ("\u{A0}\u{2028}é😀", "\u{A0}\u{2028}é😀"), ("\\", "\\"), ("~", "~"), (" ", " "), ("\u{C2}", "\u{C2}"),
        ] as [(String?, String)]) func valueNeverMakesAComponentOrLeadsOut(value: String?, expected: String) throws
    {
        #expect(try name("{x}", value).unicodeScalars.elementsEqual(expected.unicodeScalars))
        #expect(try name("a/{x}/b", value).unicodeScalars.elementsEqual("a/\(expected)/b".unicodeScalars))
    }

    @Test func onlyTheFirstCharacterOfAComponentIsReplaced() throws {
        #expect(try name("a{x}", ".b") == "a.b")
        #expect(try name("{x}{y}", nil, ".b") == "_.b")
        #expect(try name("{x}{y}", "..", "..") == "_...")
    }

    @Test func valuesAreCutToTheGreatestEqualLengthThatFits() throws {
        let long = String(repeating: "a", count: 300)
        #expect(try name("{x}.png", long) == String(repeating: "a", count: 251) + ".png")
        #expect(try name("{x}", String(long.prefix(255))) == String(long.prefix(255)))
        // A short value stays whole, and the others share what it leaves.
        let shared = try name("{x}-{y}-{z}", long, "short", String(repeating: "b", count: 300))
        #expect(shared == String(repeating: "a", count: 124) + "-short-" + String(repeating: "b", count: 124))
        // Of two equal cuts with one byte too many neither gets it.
        #expect(try name("{x}{y}", long, long).utf8.count == 254)
        #expect(try name("{x}/{x}", long).split(separator: "/").map(\.utf8.count) == [255, 255])
    }

    @Test func literalTextAndTheIDAreNeverCut() throws {
        let literal = String(repeating: "l", count: 219)
        #expect(try name("\(literal){job_id}") == literal + Sample.idText)
        #expect(try name("\(literal){job_id}{x}", "value") == literal + Sample.idText)
        #expect(try name("\(literal.dropLast()){job_id}{x}", "value") == literal.dropLast() + Sample.idText + "v")
        #expect(try name("\(literal.dropLast()){job_id}{x}", "é") == literal.dropLast() + Sample.idText)
        #expect(fault("\(literal)l{job_id}")?.contains("256 bytes") == true)
        #expect(fault("{x}/\(literal)\(literal){y}")?.contains("438 bytes") == true)
    }

    @Test(arguments: [("é", 2), ("€", 3), ("😀", 4)])
    func valueIsCutBetweenCharacters(character: String, bytes: Int) throws {
        for shift in 0..<4 {
            let value = String(repeating: "x", count: shift) + String(repeating: character, count: 200)
            let cut = try name("{x}.png", value).dropLast(4)
            #expect(value.hasPrefix(cut))
            #expect(cut.utf8.count <= 251 && cut.utf8.count > 251 - bytes)
        }
        // Both are cut to the same length, whatever their characters take.
        let pair = try name("{x}{y}", String(repeating: character, count: 200), String(repeating: "a", count: 300))
        #expect(pair.utf8.count <= 255 && pair.utf8.count >= 255 - bytes)
    }

    @Test(arguments: [
        ("", "no placeholder"), ("a.png", "no placeholder"), ("{{job_id}}", "no placeholder"),
        ("a/b", "no placeholder"),
        ("/{job_id}", "begins with a slash"), ("/", "begins with a slash"),
        ("./{job_id}", ". or .."), ("a/../{job_id}", ". or .."), ("{job_id}/..", ". or .."), ("..", ". or .."),
        ("{job_id", "lone { in place 1"), ("a{", "lone { in place 2"), ("}", "lone } in place 1"),
        ("{job_id}}", "lone } in place 9"), ("{a{b}}", "lone { in place 1"), ("{job_id}{", "lone { in place 9"),
        ("{}", "{}"), ("{job_id:}", "{job_id:}"), ("{job_id:0}", "{job_id:0}"), ("{job_id:37}", "{job_id:37}"),
        ("{job_id:02}", "{job_id:02}"), ("{job_id:+2}", "{job_id:+2}"), ("{job_id: 2}", "{job_id: 2}"),
        ("{job_id.2}", "{job_id.2}"), ("{line:3}", "{line:3}"), ("{a:b}", "{a:b}"), ("{.a}", "{.a}"), ("{a.}", "{a.}"),
        ("{a..b}", "{a..b}"), ("{.}", "{.}"), ("{a/b}", "{a/b}"), ("{a\nb}", "no known form"),
        ("a\n{job_id}", "control character in place 2"), ("a\u{0}{job_id}", "control character"),
        ("\u{85}{job_id}", "control character in place 1"),
    ]) func whatIsNoTemplateIsRefusedByName(template: String, reason: String) {
        #expect(fault(template)?.contains(reason) == true, "\(fault(template) ?? "it is taken")")
    }

    @Test(arguments: [
        ("{job_id}.png", true), ("{job_id:36}", true), ("{x}/{job_id}", true), ("{job_id}/{x}", true),
        ("{job_id:35}", false), ("{line}", false), ("{jobId}", false), ("{x}-{job_id:2}{job_id}.png", true),
        ("{job_id}-{line}", true), ("{x}{job_id}{y}", false), ("{x}-{job_id}-{line}", false),
        ("{x}/{job_id}-{y}", true),
        ("{x}{job_id}{y}/{job_id}", true),
    ]) func nameHoldsTheWholeIDOrNot(template: String, expected: Bool) throws {
        #expect(try NameTemplate(template).holdsJobID == expected)
    }

    @Test func standardTemplateMakesTheJobsOwnName() throws {
        #expect(try NameTemplate(NameTemplate.standardText).isStandard)
        #expect(try !NameTemplate("{job_id:36}.png").isStandard)
    }

    @Test func nameTellsWhetherItsLineLacksAValue() throws {
        let template = try NameTemplate("{x}{job_id}")
        #expect(try template.name(of: Sample.id(), line: 1, values: [nil]).lacksValue)
        #expect(try !template.name(of: Sample.id(), line: 1, values: [[]]).lacksValue)
    }
}
