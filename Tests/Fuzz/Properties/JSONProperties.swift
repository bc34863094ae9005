import JSONBridge

/// What is read as JSON is JSON, no more and no less, and means the same when it is written and read again.
enum JSONProperties {
    static func check(_ input: [UInt8]) throws(Violation) {
        let reference = ReferenceJSON.value(of: input)
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: input)
        } catch {
            try require(reference == nil, "JSON is refused: \(error)")
            try require(0...input.count ~= error.offset, "a fault at \(error.offset) of \(input.count) bytes")
            try requireSentence("\(error)")
            return
        }
        try require(document.root == require(reference, "what is not JSON is accepted"), "a value was changed")
        try checkRoundTrip(document.root)
        try checkMembers(of: document, input)
        try checkRawText(document.root, input)
    }

    private static func checkRoundTrip(_ root: JSONValue) throws(Violation) {
        let written = JSONOutput(root).encoded()
        try require(written.allSatisfy { $0 >= 0x20 }, "a control character is written as it is")
        let again = try read(written)
        try require(again.root == root, "a value changes when it is written and read again")
        try require(JSONOutput(again.root).encoded() == written, "a text changes when it is written again")
    }

    private static func checkMembers(of document: JSONDocument, _ input: [UInt8]) throws(Violation) {
        let members = document.root.object ?? []
        for member in members {
            let place = try require(document.range(ofMember: member.name), "a member has no place")
            try require(0..<input.count ~= place.lowerBound && place.upperBound <= input.count, "a place is outside")
            try require(try read(Array(input[place])).root == member.value, "a member's place holds another value")
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

    private static func read(_ bytes: [UInt8]) throws(Violation) -> JSONDocument {
        do {
            return try JSONDocument(parsing: bytes)
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
