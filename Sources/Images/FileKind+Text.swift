/// How the kinds of text are told apart.
extension FileKind {
    /// The kind of a file without a signature that begins with these bytes; nil if it takes more bytes to decide.
    static func kind(ofText bytes: [UInt8], isWhole: Bool) -> FileKind? {
        // Perhaps only a part of a byte order mark has come.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if !isWhole, bytes.count < mark.count, mark.starts(with: bytes) { return nil }
        let text = (bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]).drop(while: isBlank)
        switch text.first {
        case nil: return isWhole ? .text : nil
        case UInt8(ascii: "<")?: return Markup(text, isWhole: isWhole).kind
        default: break
        }
        guard !bytes.contains(where: isBinary) else { return .unknown }
        guard isWhole else { return nil }
        guard isUTF8(bytes) else { return .unknown }
        return looksLikeJSON(text) ? .json : .text
    }

    /// White space of JSON, HTML and XML; the form feed is HTML's alone.
    fileprivate static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0x0C
    }

    /// Bytes that no text has: control characters, except white space and ESC, with which terminal sequences begin.
    private static func isBinary(_ byte: UInt8) -> Bool {
        byte < 0x20 && !isBlank(byte) && byte != 0x1B
    }

    /// Whether the bytes are UTF-8. If the file is longer than what is looked at, the last character may be cut off.
    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        let longestCut = bytes.count < longestBeginning ? 0 : 3
        return (0...longestCut).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
    }

    /// Whether text begins like a JSON object or array, and not like a line of a log that begins with a bracket.
    private static func looksLikeJSON(_ text: ArraySlice<UInt8>) -> Bool {
        let next = text.dropFirst().first { !isBlank($0) }
        switch text.first {
        case UInt8(ascii: "{")?: return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
        case UInt8(ascii: "[")?: return next.map { "{[\"]".utf8.contains($0) } == true
        default: return false
        }
    }
}

/// Text that begins with `<`: HTML, SVG, or other XML.
private struct Markup {
    /// In lower case, from the first `<` on.
    private let text: ArraySlice<UInt8>
    private let isWhole: Bool

    init(_ text: ArraySlice<UInt8>, isWhole: Bool) {
        self.text = text.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }[...]
        self.isWhole = isWhole
    }

    /// Nil if it takes more text to decide.
    var kind: FileKind? {
        var rest = text
        while true {
            rest = rest.drop(while: FileKind.isBlank)
            guard let first = rest.first, let next = rest.dropFirst().first else { return undecided }
            // Text after a comment: HTML without its first tags.
            guard first == UInt8(ascii: "<") else { return isDeclared ? .xml : .html }
            switch next {
            case UInt8(ascii: "?"):
                guard let after = skip(rest, past: "?>") else { return undecided }
                rest = after
            case UInt8(ascii: "!"):
                switch declaration(rest) {
                case .undecided: return undecided
                case .decided(let kind): return kind
                case .passed(let after): rest = after
                }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), 0x80...:
                guard let name = name(in: rest.dropFirst()) else { return undecided }
                return kind(ofRoot: name)
            default:
                return .text
            }
        }
    }

    private enum Declaration {
        case undecided
        case decided(FileKind)
        /// What follows it.
        case passed(ArraySlice<UInt8>)
    }

    /// What the comment or the document type at the start of the text says.
    private func declaration(_ text: ArraySlice<UInt8>) -> Declaration {
        let (comment, documentType) = (Array("<!--".utf8), Array("<!doctype".utf8))
        if text.starts(with: comment) {
            return skip(text.dropFirst(comment.count), past: "-->").map(Declaration.passed) ?? .undecided
        }
        guard text.starts(with: documentType) else {
            return comment.starts(with: text) || documentType.starts(with: text) ? .undecided : .decided(.xml)
        }
        let body = text.dropFirst(documentType.count)
        guard let name = name(in: body.drop(while: FileKind.isBlank)) else { return .undecided }
        if name == "html" || name == "svg" { return .decided(name == "svg" ? .svg : .html) }
        // It may have an internal subset, in brackets.
        guard let end = body.first(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: ">") }) else {
            return .undecided
        }
        return skip(body, past: end == UInt8(ascii: "[") ? "]>" : ">").map(Declaration.passed) ?? .undecided
    }

    private var isDeclared: Bool { text.starts(with: "<?".utf8) }

    /// The kind while no root element has come. At the end, a tag anywhere in the text decides; without one it is XML.
    private var undecided: FileKind? {
        guard isWhole else { return nil }
        if contains("<svg") { return .svg }
        return contains("<html") || !isDeclared && contains("<!--") ? .html : .xml
    }

    private func kind(ofRoot name: String) -> FileKind {
        let local = name.split(separator: ":").last.map(String.init) ?? name
        if local == "svg" { return .svg }
        return Self.pageElements.contains(local) ? .html : .xml
    }

    /// Elements with which HTML may begin, even without `<html>` (MIME Sniffing Standard, 7.1).
    private static let pageElements: Set = [
        "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b", "body", "br", "p",
        "center", "meta", "link", "h2", "span", "pre",
    ]

    /// The name at the beginning, once the byte after it has come.
    private func name(in text: ArraySlice<UInt8>) -> String? {
        let name = text.prefix { !FileKind.isBlank($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
        return name.count < text.count ? String(decoding: name, as: UTF8.self) : nil
    }

    private func skip(_ text: ArraySlice<UInt8>, past end: String) -> ArraySlice<UInt8>? {
        text.firstRange(of: Array(end.utf8)).map { text[$0.upperBound...] }
    }

    private func contains(_ part: String) -> Bool {
        text.firstRange(of: Array(part.utf8)) != nil
    }
}
