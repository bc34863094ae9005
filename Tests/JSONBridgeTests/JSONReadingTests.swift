import Foundation
import JSONBridge
import Testing

/// What the two forgiving readings let pass, and what no reading does.
@Suite struct JSONReadingTests {
    private static let forgiving: [JSONReading] = [.grammatical, .loose]

    @Test(arguments: [
        (#""\ud83d""#, "\u{FFFD}"), (#""\uDC00""#, "\u{FFFD}"), (#""a cat \ud83d""#, "a cat \u{FFFD}"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\n""#, "\u{FFFD}\n"),
        (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
        (#""\ud83d\\ude00""#, "\u{FFFD}\\ude00"),
        (#""\\ud83d""#, "\\ud83d"), (#""\ud83d\ude00\ude00""#, "\u{1F600}\u{FFFD}"), (#""\\\ud83d\"""#, "\\\u{FFFD}\""),
    ]) func halfASurrogatePairIsReadAsOneReplacement(text: String, expected: String) throws {
        for reading in Self.forgiving {
            #expect(try value(text, reading: reading) == .string(expected))
            #expect(try value(#"{"a":[\#(text)]}"#, reading: reading)["a"] == .array([.string(expected)]))
        }
    }

    @Test func nameMayHoldHalfASurrogatePair() throws {
        for reading in Self.forgiving {
            let document = try document(#"{"\ud83d":1,"b\ude00":-0,"c":12345678901234567890}"#, reading: reading)
            #expect(document.root["\u{FFFD}"]?.number?.text == "1")
            #expect(document.range(ofMember: "b\u{FFFD}") == 22..<24)
            #expect(document.root["b\u{FFFD}"]?.number?.text == "-0")
            #expect(document.root["c"]?.number?.text == "12345678901234567890")
        }
    }

    @Test(arguments: ["1e999", "-1e400", "1E+400", "0.1e400", String(repeating: "9", count: 400), "1e-999"])
    func numberOfAnySizeKeepsItsSpelling(text: String) throws {
        for reading in Self.forgiving {
            let number = try value(text, reading: reading).number
            #expect(number?.text == text)
            #expect(number?.int == nil)
            #expect(try value(#"{"a":[\#(text),1]}"#, reading: reading)["a"]?.array?.first?.number?.text == text)
        }
        #expect(try value("1e999", reading: .loose).number?.double == nil)
    }

    @Test func byteOrderMarkIsPassedOverByALooseReadingAlone() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array(#" {"a":"\u00e9", "b":-0}"#.utf8)
        let document = try JSONDocument(parsing: bytes, reading: .loose)
        #expect(document.root["a"] == .string("é"))
        #expect(document.root["b"]?.number?.text == "-0")
        #expect(document.range(ofMember: "b").map { String(decoding: bytes[$0], as: UTF8.self) } == "-0")
        for reading in [JSONReading.strict, .grammatical] {
            #expect(error(in: bytes, reading: reading) == JSONError(.byteOrderMark, at: 0))
        }
        for sixteenBits: [UInt8] in [[0xFF, 0xFE, 0x7B, 0, 0x7D, 0], [0xFE, 0xFF, 0, 0x7B, 0, 0x7D]] {
            #expect(error(in: sixteenBits, reading: .loose) == JSONError(.byteOrderMark, at: 0))
        }
        #expect(error(in: [0xEF, 0xBB, 0xBF], reading: .loose)?.reason == .empty)
    }

    @Test(
        arguments: [
            ([0xE9], 1), ([0xFF, 0xFE], 2), ([0xC3], 1), ([0xED, 0xA0, 0x80], 3), ([0xC0, 0xAF], 2),
            ([0xF5, 0x80, 0x80, 0x80], 4), ([0xE2, 0x82], 2), ([0xF0, 0x9F, 0x98], 3), ([0x80], 1),
        ] as [([UInt8], Int)])
    func byteThatIsNotUTF8IsReadAsAReplacementByALooseReadingAlone(bad: [UInt8], count: Int) throws {
        let replaced = String(repeating: "\u{FFFD}", count: count)
        for (before, after) in [("", ""), ("é€😀", "é€😀"), ("caf", "s and more than eight")] {
            let bytes =
                Array("{\"\(before)".utf8) + bad + Array("\(after)\":[\"\(before)".utf8) + bad
                + Array("\(after)\",12345678901234567890]}".utf8)
            let document = try JSONDocument(parsing: bytes, reading: .loose)
            let expected = before + replaced + after
            #expect(document.root[expected]?.array?.first == .string(expected))
            #expect(document.root[expected]?.array?.last?.number?.text == "12345678901234567890")
            #expect(document.range(ofMember: expected) != nil)
            for reading in [JSONReading.strict, .grammatical] {
                #expect(error(in: bytes, reading: reading)?.reason == .invalidUTF8)
            }
        }
    }

    @Test(arguments: [
        "NaN", "-Infinity", "{'a':1}", "[1,]", #"{"a":1,}"#, "[1 /* a */]", "\"\t\"", "01", "1.", "{}{}", #""\x""#,
        #""\ud83""#, #"{"\u0000":1}"#, "tru", "\u{A0}1", "",
    ]) func whatIsNoJSONByItsGrammarIsRefusedByEveryReading(text: String) throws {
        let strict = try #require(error(in: text))
        for reading in Self.forgiving { #expect(error(in: text, reading: reading) == strict) }
    }

    @Test func strangeByteOutsideAStringIsNoJSON() {
        #expect(error(in: [0x5B, 0xE9, 0x5D], reading: .loose) == JSONError(.expectedValue, at: 1))
        #expect(error(in: [0x5B, 0xEF, 0xBB, 0xBF, 0x31, 0x5D], reading: .loose) == JSONError(.expectedValue, at: 1))
    }

    @Test func outlineForgivesWhatADocumentDoes() throws {
        let text = Array(#"{"a":"\ud83d","b":{"c":1e999}}"#.utf8)
        var outline = JSONOutline(reading: .grammatical)
        try outline.read(text.span)
        let outer = outline.range(ofMember: "b", in: text.span)
        let place = outer.flatMap { outline.range(ofMember: "c", within: $0, in: text.span) }
        #expect(place.map { String(decoding: text[$0], as: UTF8.self) } == "1e999")
        // What was forgiven before does not count for the next.
        try outline.read(Array("{}".utf8).span)
        var strict = JSONOutline()
        #expect(throws: JSONError(.loneSurrogate, at: 6)) { try strict.read(text.span) }
    }

    /// A build for debugging needs several times what a release does.
    @Test(arguments: ["[", #"{"a":"#, #"[{"é\ud83d":"#]) func greatestDepthNeedsLittleStack(opening: String) {
        let limits = JSONLimits(depth: 520)
        let levels = opening.utf8.count > 6 ? 260 : 520
        let closing = opening.reversed().compactMap { $0 == "[" ? "]" : $0 == "{" ? "}" : nil }.joined()
        let innermost = opening == "[" ? "" : "1"
        let text =
            String(repeating: opening, count: levels) + innermost + String(repeating: closing, count: levels)
        let bytes = Array(text.utf8)
        onThread(withStack: 1 << 20) {
            #expect(error(in: bytes, limits: limits, reading: .loose) == nil)
            #expect(error(in: [0x5B] + bytes + [0x5D], limits: limits, reading: .loose)?.reason == .tooDeep)
        }
    }

    /// Runs on a thread of its own with so many bytes of stack, and waits for its end.
    private func onThread(withStack size: Int, _ body: @escaping @Sendable () -> Void) {
        let ended = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            ended.signal()
        }
        thread.stackSize = size
        thread.start()
        ended.wait()
    }
}
