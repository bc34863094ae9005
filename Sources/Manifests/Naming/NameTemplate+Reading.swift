import FetchCore

/// Why a text is no template, as the end of a sentence about it.
public struct NameTemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension NameTemplate {
    /// Reads a template.
    public init(_ text: String) throws(NameTemplateError) {
        var reader = TemplateReader(text)
        try reader.read()
        self.init(text, reader.components, fields: reader.fields)
    }
}

/// Reads a template from its first character to its last.
private struct TemplateReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private(set) var components: [[NameTemplate.Part]] = [[]]
    private(set) var fields: [[String]] = []
    private var literal = ""

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    mutating func read() throws(NameTemplateError) {
        guard scalars.first != "/" else {
            throw NameTemplateError("begins with a slash, and images stay below the output directory")
        }
        while position < scalars.count {
            let scalar = scalars[position]
            switch scalar {
            case "{" where next == "{", "}" where next == "}":
                literal.unicodeScalars.append(scalar)
                position += 2
            case "{":
                endLiteral()
                components[components.count - 1].append(try placeholder())
            case "}":
                throw loneBrace
            case "/":
                try endComponent()
                components.append([])
                position += 1
            case _ where ImageName.isControl(scalar):
                throw NameTemplateError("has a control character in place \(position + 1)")
            default:
                literal.unicodeScalars.append(scalar)
                position += 1
            }
        }
        try endComponent()
        let hasPlaceholder = components.joined().contains { part in
            if case .literal = part { false } else { true }
        }
        guard hasPlaceholder else {
            throw NameTemplateError("has no placeholder such as {job_id}, so all images would have one name")
        }
    }

    private var next: Unicode.Scalar? { position + 1 < scalars.count ? scalars[position + 1] : nil }

    private var loneBrace: NameTemplateError {
        NameTemplateError(
            "has a lone \(scalars[position]) in place \(position + 1); {{ and }} are braces of the name itself")
    }

    private mutating func endLiteral() {
        guard !literal.isEmpty else { return }
        components[components.count - 1].append(.literal(literal))
        literal = ""
    }

    private mutating func endComponent() throws(NameTemplateError) {
        endLiteral()
        let parts = components[components.count - 1]
        if parts == [.literal(".")] || parts == [.literal("..")] {
            throw NameTemplateError("has a component . or .., and images stay below the output directory")
        }
        let length = parts.reduce(0) { length, part in
            switch part {
            case .literal(let text): length + text.utf8.count
            case .jobID(let characters): length + characters
            case .line, .field: length
            }
        }
        guard length <= ImageName.longestComponent else {
            throw NameTemplateError(
                "has a component of \(length) bytes without its values; a name has at most "
                    + "\(ImageName.longestComponent)")
        }
    }

    /// Reads the placeholder whose opening brace is next.
    private mutating func placeholder() throws(NameTemplateError) -> NameTemplate.Part {
        guard let end = scalars[position...].dropFirst().firstIndex(where: { $0 == "{" || $0 == "}" }),
            scalars[end] == "}"
        else { throw loneBrace }
        let text = String(String.UnicodeScalarView(scalars[position + 1..<end]))
        guard let part = part(spelled: text) else {
            throw NameTemplateError(
                "has a placeholder of no known form, {\(ForeignText.printable(text, limit: 40))}: {job_id}, {job_id:2} "
                    + "(1 to \(JobID.length) characters), {line}, {field} and {field.inner} are known")
        }
        position = end + 1
        return part
    }

    private mutating func part(spelled text: String) -> NameTemplate.Part? {
        if text == Self.jobID { return .jobID(length: JobID.length) }
        if text == "line" { return .line }
        if text.hasPrefix(Self.jobID + ":") {
            let digits = text.dropFirst(Self.jobID.count + 1)
            guard let length = Int(digits), 1...JobID.length ~= length, digits == "\(length)" else { return nil }
            return .jobID(length: length)
        }
        let isLegal = text.unicodeScalars.allSatisfy { $0 != "/" && $0 != ":" && !ImageName.isControl($0) }
        let path = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        // The id has no fields: `{job_id.2}` is a slip that would give `_`.
        guard isLegal, path.allSatisfy({ !$0.isEmpty }), path[0] != Self.jobID else { return nil }
        if let place = fields.firstIndex(where: { $0.elementsEqual(path) { $0.utf8.elementsEqual($1.utf8) } }) {
            return .field(place)
        }
        fields.append(path)
        return .field(fields.count - 1)
    }

    private static let jobID = "job_id"
}
