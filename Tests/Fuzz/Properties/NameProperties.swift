import FetchCore
import JSONBridge

@testable import Manifests

/// Whatever a template and a line say, the name stays below the output directory, and each value is that of its field.
enum NameProperties {
    /// The input is a template, and after its first newline a manifest line.
    static func check(_ input: [UInt8]) throws(Violation) {
        let parts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(decoding: parts[0], as: UTF8.self)
        let template: NameTemplate
        do {
            template = try NameTemplate(text)
        } catch {
            return try requireSentence(error.description)
        }
        var names = LineNames(template)
        let item = ManifestLineProperties.item(ManifestLineProperties.line(parts.count > 1 ? parts[1] : []))
        let named = names.named(item)
        guard case .job(let id, let entry) = named else {
            return try require(named == item, "a line that names no job was changed")
        }
        let name = try require(entry.imageName, "a job has no name")
        try checkPath(name.text)
        try checkComponents(name, template, id, entry)
        // What a value says changes no other thing.
        try require(names.named(item) == named, "the same line has two names")
        if template.holdsJobID { try require(name.text.contains("\(id)"), "\(name.text) has lost its job's id") }
    }

    /// The rules of a path that cannot lead out, spelled once more.
    private static func checkPath(_ path: String) throws(Violation) {
        let components = Array(path.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for component in components {
            try require(1...255 ~= component.count, "a component of \(component.count) bytes")
            try require(component[component.startIndex] != UInt8(ascii: "."), "a component begins with a dot")
            try require(component[component.startIndex] != UInt8(ascii: "-"), "a component begins with a hyphen")
            let text = try require(String(validating: component, as: UTF8.self), "a component is not UTF-8")
            try require(
                text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value) },
                "a component holds a control character")
        }
    }

    /// As many components as the template has, and in each the values, cut to one length at most.
    private static func checkComponents(
        _ name: ImageName, _ template: NameTemplate, _ id: JobID, _ entry: ManifestEntry
    ) throws(Violation) {
        let components = name.text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        try require(components.count == template.components.count, "\(name.text) has a directory too much or too few")
        let root = entry.input.flatMap { ReferenceJSON.value(of: $0) }
        for (component, parts) in zip(components, template.components) {
            var pieces: [(text: [UInt8], isValue: Bool)] = []
            for part in parts {
                switch part {
                case .literal(let text): pieces.append((Array(text.utf8), false))
                case .jobID(let length): pieces.append((Array("\(id)".utf8.prefix(length)), false))
                case .line: pieces.append((Array("\(entry.line)".utf8), true))
                case .field(let place):
                    let text = value(at: template.fields[place], in: root)
                    // In the reference half of a surrogate pair is U+FFFD, as is that character itself.
                    guard !text.unicodeScalars.contains("\u{FFFD}") else { return }
                    pieces.append((Array(text.utf8), true))
                }
            }
            try checkCut(Array(component), pieces)
        }
    }

    /// There is a limit to which the values are cut, and none that is greater fits.
    private static func checkCut(_ component: [UInt8], _ pieces: [(text: [UInt8], isValue: Bool)]) throws(Violation) {
        let whole = pieces.flatMap(\.text)
        let fitting = whole.count <= 255 ? whole : (0...255).map { joined(pieces, $0) }.last { $0.count <= 255 }
        let expected = try require(fitting, "a component cannot be cut to what fits")
        let isOdd = expected.first.map { ".-".utf8.contains($0) } ?? true
        try require(
            component == (isOdd ? [UInt8(ascii: "_")] + expected.dropFirst() : expected),
            "a component is \(component), made of \(expected)")
    }

    private static func joined(_ pieces: [(text: [UInt8], isValue: Bool)], _ limit: Int) -> [UInt8] {
        pieces.flatMap { piece -> ArraySlice<UInt8> in
            guard piece.isValue, piece.text.count > limit else { return piece.text[...] }
            var end = limit
            while end > 0, String(validating: piece.text[..<end], as: UTF8.self) == nil { end -= 1 }
            return piece.text[..<end]
        }
    }

    /// What stands for a field.
    private static func value(at path: [String], in root: JSONValue?) -> String {
        var value = root
        for name in path { value = value?[name] }
        let text: String? =
            switch value {
            case .string(let text)?: text
            case .number(let number)?: number.text
            case .bool(let bool)?: "\(bool)"
            default: nil
            }
        guard let text, !text.isEmpty else { return "_" }
        var harmless = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
            harmless.unicodeScalars.append(isControl || scalar == "/" ? "_" : scalar)
        }
        return harmless
    }
}
