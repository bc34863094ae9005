/// Reads the text of a ``Template``.
struct TemplateParser {
    private let source: [UInt8]
    private var position = 0

    init(_ source: [UInt8]) {
        self.source = source
    }

    mutating func parse() throws(TemplateError) -> [Template.Node] {
        let nodes = try nodes(within: nil)
        precondition(position == source.count, "a template is read to its end")
        return nodes
    }

    /// Reads up to the end of the section that has begun, or of the whole.
    private mutating func nodes(within section: String?) throws(TemplateError) -> [Template.Node] {
        var nodes: [Template.Node] = []
        while let start = next("{{", from: position) {
            let tag = try tag(at: start)
            let line = tag.kind == .value ? nil : lineAlone(start, tag.end)
            let text = source[position..<(line?.lowerBound ?? start)]
            if !text.isEmpty { nodes.append(.text(Array(text))) }
            position = line?.upperBound ?? tag.end
            switch tag.kind {
            case .value: nodes.append(.value(tag.name))
            case .remark: break
            case .section: nodes.append(.section(tag.name, try self.nodes(within: tag.name), isInverted: false))
            case .inverted: nodes.append(.section(tag.name, try self.nodes(within: tag.name), isInverted: true))
            case .end:
                guard tag.name == section else { throw TemplateError.endsWhatHasNotBegun(tag.name) }
                return nodes
            }
        }
        if let section { throw .endsWithin(section) }
        if position < source.count { nodes.append(.text(Array(source[position...]))) }
        position = source.count
        return nodes
    }

    private enum Kind {
        case value, section, inverted, end, remark
    }

    private func tag(at start: Int) throws(TemplateError) -> (kind: Kind, name: String, end: Int) {
        let isTriple = source[start...].starts(with: "{{{".utf8)
        let (opening, closing) = isTriple ? (3, "}}}") : (2, "}}")
        guard let close = next(closing, from: start + opening) else { throw .tagWithoutEnd(line: line(of: start)) }
        var content = source[(start + opening)..<close]
        let end = close + closing.utf8.count
        var kind = Kind.value
        if !isTriple, let sign = content.first {
            switch sign {
            case UInt8(ascii: "#"): kind = .section
            case UInt8(ascii: "^"): kind = .inverted
            case UInt8(ascii: "/"): kind = .end
            case UInt8(ascii: "!"): return (.remark, "", end)
            default: break
            }
            if kind != .value { content = content.dropFirst() }
        }
        let name = String(decoding: content, as: UTF8.self)
        let isName = name == "." || !name.isEmpty && name.utf8.allSatisfy(Self.isOfName)
        guard isName else { throw .noName(name, line: line(of: start)) }
        return (kind, name, end)
    }

    /// The whole line of a tag that stands alone on it, its newline included; nil if something else stands there.
    private func lineAlone(_ start: Int, _ end: Int) -> Range<Int>? {
        let newline = UInt8(ascii: "\n")
        let lineStart = source[..<start].lastIndex(of: newline).map { $0 + 1 } ?? 0
        let lineEnd = source[end...].firstIndex(of: newline) ?? source.count
        // What another tag of the same line has left behind has been read already.
        guard lineStart >= position, source[lineStart..<start].allSatisfy(Self.isBlank),
            source[end..<lineEnd].allSatisfy(Self.isBlank)
        else { return nil }
        return lineStart..<min(lineEnd + 1, source.count)
    }

    private func next(_ text: String, from start: Int) -> Int? {
        let text = Array(text.utf8)
        guard start + text.count <= source.count else { return nil }
        return (start...(source.count - text.count)).first { source[$0..<$0 + text.count].elementsEqual(text) }
    }

    private func line(of position: Int) -> Int {
        1 + source[..<position].count { $0 == UInt8(ascii: "\n") }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// What is wrong with a template.
enum TemplateError: Error, Equatable {
    case tagWithoutEnd(line: Int)
    /// Between the braces stands no name.
    case noName(String, line: Int)
    case endsWhatHasNotBegun(String)
    case endsWithin(String)
}
