import FetchCore

/// What images are called: a text with placeholders, each for something that a manifest line says of its job.
///
/// | placeholder | stands for |
/// |---|---|
/// | `{job_id}` | the job's id, in lower case |
/// | `{job_id:2}` | its first characters, 1 to 36 |
/// | `{line}` | the number of the line in its manifest |
/// | `{field}`, `{field.inner}` | a string, number or boolean of the line's object |
///
/// `{{` and `}}` stand for braces. A slash of the template makes a directory, and none of a value does. Nothing that a
/// line says leads out of the output directory: the rules are those of ``FetchCore/ImageName``.
public struct NameTemplate: Sendable {
    /// As it was typed.
    public let text: String
    /// The fields whose values are needed, each once; a field within others is the last of its path.
    let fields: [[String]]
    /// What stands between the slashes.
    let components: [[Part]]

    enum Part: Equatable, Sendable {
        /// Text of the template itself.
        case literal(String)
        /// The first characters of the job's id.
        case jobID(length: Int)
        case line
        /// The value of a field, by its place among ``NameTemplate/fields``.
        case field(Int)

        /// What it stands for may have any length.
        var isValue: Bool {
            switch self {
            case .line, .field: true
            case .literal, .jobID: false
            }
        }
    }

    init(_ text: String, _ components: [[Part]], fields: [[String]]) {
        self.text = text
        self.components = components
        self.fields = fields
    }

    /// The job's own name, which holds where no other template is given.
    public static let standardText = "{job_id}.png"

    /// It makes the job's own name.
    public var isStandard: Bool { text == Self.standardText }

    /// Each name holds the whole id of its job in a place that can be told, so no two jobs want the same one.
    ///
    /// Between two values nobody can tell it: `{a}{job_id}{b}` makes one name of two jobs if one's value ends, and the
    /// other's begins, as the other job's id.
    public var holdsJobID: Bool {
        components.contains { parts in
            parts.indices.contains { index in
                parts[index] == .jobID(length: JobID.length)
                    && !(parts[..<index].contains(where: \.isValue) && parts[index...].contains(where: \.isValue))
            }
        }
    }

    /// What the image of a job is called. `values` has the UTF-8 of each of the ``fields``; nil where the line has no
    /// value for it.
    func name(of id: JobID, line: Int, values: [[UInt8]?]) -> ImageName {
        let idText = id.description
        var lacksValue = false
        let names = components.map { parts in
            let pieces = parts.map { part -> Piece in
                switch part {
                case .literal(let text): return .whole(Array(text.utf8))
                case .jobID(let length): return .whole(Array(idText.utf8.prefix(length)))
                case .line: return .value(Array(String(line).utf8))
                case .field(let place):
                    guard let value = values[place], !value.isEmpty else {
                        lacksValue = lacksValue || values[place] == nil
                        return .value(Self.substitute)
                    }
                    return .value(Self.harmless(value))
                }
            }
            return Self.component(pieces)
        }
        let text = String(decoding: Array(names.joined(separator: [Self.slash])), as: UTF8.self)
        guard let name = ImageName(text, lacksValue: lacksValue) else {
            preconditionFailure("every component was made harmless, and cut to what fits")
        }
        return name
    }

    private static let slash = UInt8(ascii: "/")
    private static let substitute = [UInt8(ascii: "_")]

    /// A part of a component, as UTF-8.
    private enum Piece {
        /// Is never cut.
        case whole([UInt8])
        case value([UInt8])
    }

    /// The pieces together. Where they are too long, the values are cut to the greatest equal length that fits.
    private static func component(_ pieces: [Piece]) -> [UInt8] {
        var room = ImageName.longestComponent
        var values: [[UInt8]] = []
        for piece in pieces {
            switch piece {
            case .whole(let text): room -= text.count
            case .value(let text): values.append(text)
            }
        }
        let limit = greatestLimit(for: values, within: room)
        var component = pieces.flatMap { piece -> ArraySlice<UInt8> in
            switch piece {
            case .whole(let text): text[...]
            case .value(let text): beginning(of: text, limit: limit)
            }
        }
        // It would be hidden, be an option to a command, or be no name at all.
        switch component.first {
        case UInt8(ascii: ".")?, UInt8(ascii: "-")?: component[0] = substitute[0]
        case nil: component = substitute
        default: break
        }
        return component
    }

    /// The greatest number of bytes to which each value may be cut so that all of them fit.
    private static func greatestLimit(for values: [[UInt8]], within room: Int) -> Int {
        guard values.reduce(0, { $0 + $1.count }) > room else { return .max }
        func fits(_ limit: Int) -> Bool { values.reduce(0) { $0 + beginning(of: $1, limit: limit).count } <= room }
        // No value is longer than a manifest line, and what fits within a limit fits within a smaller one.
        var (fitting, tooLong) = (0, values.reduce(0) { max($0, $1.count) })
        while tooLong - fitting > 1 {
            let middle = (fitting + tooLong) / 2
            if fits(middle) { fitting = middle } else { tooLong = middle }
        }
        return fitting
    }

    /// The whole characters of the text within the first bytes.
    private static func beginning(of text: [UInt8], limit: Int) -> ArraySlice<UInt8> {
        guard text.count > limit else { return text[...] }
        var end = limit
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return text[..<end]
    }

    /// The text with `_` for each slash and each control character, which in UTF-8 are one byte, or two for those of C1.
    private static func harmless(_ value: [UInt8]) -> [UInt8] {
        let isHarmless = value.allSatisfy { $0 != slash && $0 >= 0x20 && $0 != 0x7F && $0 != 0xC2 }
        guard !isHarmless else { return value }
        var text: [UInt8] = []
        text.reserveCapacity(value.count)
        for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
            text += scalar == "/" || ImageName.isControl(scalar) ? substitute : Array(scalar.utf8)
        }
        return text
    }
}
