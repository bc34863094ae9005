import JSONBridge

/// What is read as JSON is JSON, no more and no less, and means the same when it is written and read again.
enum JSONProperties {
    static func check(_ input: [UInt8]) throws(Violation) {
        for reading in [JSONReading.strict, .grammatical, .loose] { try check(input, reading) }
    }

    private static func check(_ input: [UInt8], _ reading: JSONReading) throws(Violation) {
        let reference = ReferenceJSON.value(of: input, reading: reading)
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: input, reading: reading)
        } catch {
            try require(reference == nil, "JSON is refused: \(error)")
            try require(0...input.count ~= error.offset, "an error at \(error.offset) of \(input.count) bytes")
            try requireSentence("\(error)")
            return
        }
        try require(document.root == require(reference, "what is not JSON is accepted"), "a value was changed")
        let alone = try? JSONValue(parsing: input, reading: reading)
        try require(alone == document.root, "a value alone is another")
        try checkRoundTrip(document.root, reading)
        try checkMembers(of: document, input, reading)
        if reading != .loose { try checkRawText(document.root, input) }
    }

    private static func checkRoundTrip(_ root: JSONValue, _ reading: JSONReading) throws(Violation) {
        let written = JSONOutput(root).encoded()
        try require(written.allSatisfy { $0 >= 0x20 }, "a control character is written as it is")
        let again = try read(written, reading)
        try require(again.root == root, "a value changes when it is written and read again")
        try require(JSONOutput(again.root).encoded() == written, "a text changes when it is written again")
    }

    private static func checkMembers(
        of document: JSONDocument, _ input: [UInt8], _ reading: JSONReading
    ) throws(Violation) {
        let members = document.root.object ?? []
        for member in members {
            let place = try require(document.range(ofMember: member.name), "a member has no place")
            try require(0..<input.count ~= place.lowerBound && place.upperBound <= input.count, "a place is outside")
            let value = try read(Array(input[place]), reading).root
            try require(value == member.value, "a member's place holds another value")
            try require(document.root[member.name] == member.value, "a name finds another member")
        }
        for name in document.repeatedMembers {
            try require(document.root[name] != nil, "a repeated member is not there")
        }
    }

    /// Raw text comes out as it went in. It is one line, so line ends within it are blanks here.
    private static func checkRawText(_ root: JSONValue, _ input: [UInt8]) throws(Violation) {
        let line = input.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
        let wrapped = JSONOutput.object([("input", .raw(line))]).encoded()
        try require(wrapped == Array(#"{"input":"#.utf8) + line + Array("}".utf8), "raw text was changed")
    }

    private static func read(_ bytes: [UInt8], _ reading: JSONReading) throws(Violation) -> JSONDocument {
        do {
            return try JSONDocument(parsing: bytes, reading: reading)
        } catch {
            throw Violation("a part of good JSON is refused: \(error)")
        }
    }
}

extension JSONOutput {
    /// A value that was read, to be written.
    fileprivate init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(elements.map(JSONOutput.init))
        case .object(let members): self = .object(members.map { ($0.name, JSONOutput($0.value)) })
        }
    }
}
