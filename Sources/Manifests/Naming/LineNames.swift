import FetchCore
import JSONBridge
import Records

/// Names the images of the jobs that manifest lines ask for, by one template.
struct LineNames: Sendable {
    private let template: NameTemplate
    private var line = JSONOutline(reading: .ofManifestLines)
    private var inner = JSONOutline(reading: .ofManifestLines)

    init(_ template: NameTemplate) {
        self.template = template
    }

    /// The line with the name of its job's image; one that names no job stays as it is.
    mutating func named(_ item: ManifestItem) -> ManifestItem {
        guard case .job(let id, let entry) = item else { return item }
        let name = template.name(of: id, line: entry.line, values: values(in: entry.input))
        return .job(id, entry.naming(name))
    }

    /// What the line's object says of each field of the template. The object is that of the manifest, also where the
    /// line is a record of it.
    private mutating func values(in input: [UInt8]?) -> [[UInt8]?] {
        guard let input, !template.fields.isEmpty else { return template.fields.map { _ in nil } }
        let text = input.span
        // What is kept of a line has been checked, so this is JSON.
        guard (try? line.read(text)) != nil else { return template.fields.map { _ in nil } }
        return template.fields.map { path in
            Self.place(of: path[0], in: text, by: line)
                .flatMap { value(at: path.dropFirst(), in: text.extracting($0)) }
        }
    }

    /// The value at a path of fields below another value.
    private mutating func value(at path: ArraySlice<String>, in value: Span<UInt8>) -> [UInt8]? {
        guard let name = path.first else { return Self.text(of: value) }
        guard (try? inner.read(value)) != nil, let place = Self.place(of: name, in: value, by: inner) else {
            return nil
        }
        return self.value(at: path.dropFirst(), in: value.extracting(place))
    }

    /// Where the value of an object's field is; nil if there is no such field, or no object.
    private static func place(of name: String, in text: Span<UInt8>, by outline: JSONOutline) -> Range<Int>? {
        guard outline.hasEscapedNames else { return outline.range(ofMember: name, in: text) }
        return (try? JSONDocument(parsing: text.bytes, reading: .ofManifestLines))?.range(ofMember: name)
    }

    /// A string, a number as it is spelled, or a boolean, as UTF-8; nil for any other value.
    private static func text(of value: Span<UInt8>) -> [UInt8]? {
        switch value[0] {
        case UInt8(ascii: "\""):
            JSONText.utf8(
                spelled: value.extracting(droppingFirst: 1).extracting(droppingLast: 1), loneSurrogate: "_")
        case UInt8(ascii: "n"), UInt8(ascii: "{"), UInt8(ascii: "["): nil
        default: value.withUnsafeBufferPointer { Array($0) }
        }
    }
}
