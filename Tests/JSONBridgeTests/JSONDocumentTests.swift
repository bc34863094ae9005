import JSONBridge
import Testing

@Suite struct JSONDocumentTests {
    private func source(of name: String, in text: String) throws -> String? {
        let bytes = Array(text.utf8)
        let range = try JSONDocument(parsing: bytes).range(ofMember: name)
        return range.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(arguments: [
        ("a", #"{ "x" : 1.10 }"#), ("b", "1.10"), ("c", "12345678901234567890"), ("d", #""é\u00e9\/""#),
        ("e", "[ 1 , 2 ]"),
        ("f", "null"), ("z", "-0"),
    ])
    func rangeHoldsTheValueAsItStood(name: String, expected: String) throws {
        let text =
            #"{"a":{ "x" : 1.10 },"b": 1.10 , "c":12345678901234567890,"d":"é\u00e9\/","e" : [ 1 , 2 ] ,"f":null,"z":-0}"#
        #expect(try source(of: name, in: text) == expected)
        #expect(try source(of: name, in: " \r\n" + text + "\n") == expected)
    }

    @Test func rangeIsFoundByTheNameAnEscapeSpells() throws {
        #expect(try source(of: "job_id", in: #"{"\u006aob_id":"x"}"#) == #""x""#)
        #expect(try source(of: "\u{1F600}\n", in: #"{"a":1,"\ud83d\ude00\n":2}"#) == "2")
    }

    @Test func rangeIsOfTheOutermostObjectOnly() throws {
        #expect(try document(#"{"a":{"b":1}}"#).range(ofMember: "b") == nil)
        #expect(try document(#"[{"b":1}]"#).range(ofMember: "b") == nil)
        #expect(try document("1").range(ofMember: "") == nil)
    }

    @Test func rangeOfARepeatedNameIsTheLast() throws {
        #expect(try source(of: "a", in: #"{"a":1,"b":2,"a":3}"#) == "3")
    }

    @Test func namesAreComparedByBytes() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        let document = try document("{\"\(composed)\":1,\"\(decomposed)\":22}")
        #expect(document.repeatedMembers.isEmpty)
        #expect(document.range(ofMember: composed)?.count == 1)
        #expect(document.range(ofMember: decomposed)?.count == 2)
        #expect(document.root.object?.count == 2)
    }

    @Test(
        arguments: [
            ("{}", []), ("[]", []), ("7", []), (#"{"a":1,"b":2}"#, []), (#"{"a":1,"A":2}"#, []),
            (#"{"a":1,"a":1}"#, ["a"]), (#"{"b":1,"a":1,"a":2,"b":3,"a":4}"#, ["a", "b"]),
            (#"{"a":1,"\u0061":2}"#, ["a"]), (#"{"x":{"a":1,"a":2}}"#, []), (#"{"":1,"":2}"#, [""]),
        ] as [(String, [String])])
    func repeatedMembersAreEachNamedOnce(text: String, expected: [String]) throws {
        #expect(try document(text).repeatedMembers == expected)
    }

    @Test func numbersKeepTheirDigitsBesideRepeatedNames() throws {
        let root = try value(#"{"a":{"x":11111111111111111111,"x":-0,"y":1.50},"b":22222222222222222222}"#)
        #expect(root["a"]?["x"]?.number?.text == "-0")
        #expect(root["a"]?["y"]?.number?.text == "1.50")
        #expect(root["b"]?.number?.text == "22222222222222222222")
    }

    @Test func nestingIsAcceptedUpToTheLimit() throws {
        for depth in [1, 2, 64, 512] {
            let limits = JSONLimits(depth: depth)
            for (inner, innerDepth) in [("", 0), ("1", 0), ("{}", 1), (#"{"a":[null]}"#, 2)] where innerDepth < depth {
                let arrays = depth - innerDepth
                let text = String(repeating: "[", count: arrays) + inner + String(repeating: "]", count: arrays)
                #expect(error(in: text, limits: limits) == nil)
                #expect(error(in: "[\(text)]", limits: limits)?.reason == .tooDeep)
            }
        }
        #expect(error(in: "1", limits: JSONLimits(depth: 0)) == nil)
        #expect(error(in: "[]", limits: JSONLimits(depth: 0)) == JSONError(.tooDeep, at: 0))
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func hostileNestingIsAFaultAndNoCrash(opening: String) {
        #expect(error(in: String(repeating: opening, count: 100_000))?.reason == .tooDeep)
    }

    @Test func lengthIsAcceptedUpToTheLimit() {
        #expect(error(in: "[1,2]", limits: JSONLimits(bytes: 5)) == nil)
        #expect(error(in: "[1,2]", limits: JSONLimits(bytes: 4)) == JSONError(.tooLong, at: 4))
    }

    @Test func aLongStringIsWhole() throws {
        let text = String(repeating: "é€😀a", count: 50_000)
        #expect(try value("\"\(text)\"") == .string(text))
    }

    @Test func manyMembersKeepTheirOrder() throws {
        let names = (0..<5_000).map { "member \($0)" }
        let text = "{" + names.map { "\"\($0)\":[\"\($0)\"]" }.joined(separator: ",") + "}"
        let root = try value(text)
        #expect(root.object?.map(\.name) == names)
        #expect(root["member 4999"] == .array([.string("member 4999")]))
    }
}
