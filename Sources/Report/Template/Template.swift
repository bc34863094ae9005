/// A text with places for values, in a part of the Mustache language.
///
/// `{{name}}` and `{{{name}}}` are a value, `{{.}}` the one of the list that has its turn; `{{#name}}…{{/name}}` is there
/// if the value is, and again for each value of a list; `{{^name}}…{{/name}}` is there if it is not; `{{!…}}` is a remark.
/// A line that holds nothing but tags of these last kinds vanishes. Names are looked up from the inside outwards.
struct Template: Sendable {
    enum Node: Sendable {
        case text([UInt8])
        case value(String)
        indirect case section(String, [Node], isInverted: Bool)
    }

    let nodes: [Node]

    init(_ source: [UInt8]) throws(TemplateError) {
        var parser = TemplateParser(source)
        nodes = try parser.parse()
    }

    func rendered(with object: PageObject) -> [UInt8] {
        var bytes: [UInt8] = []
        Self.append(nodes, [.object(object)], to: &bytes)
        return bytes
    }

    /// The template around a section that stands within no other, and the section for each item that follows one by one:
    /// very many items need never be there together. Nil if there is no such section.
    func rendered(with object: PageObject, around name: String) -> RenderedAround? {
        for (index, node) in nodes.enumerated() {
            guard case .section(name, let inner, isInverted: false) = node else { continue }
            var (before, after): ([UInt8], [UInt8]) = ([], [])
            Self.append(nodes[..<index], [.object(object)], to: &before)
            Self.append(nodes[(index + 1)...], [.object(object)], to: &after)
            return RenderedAround(before: before, after: after, section: inner, object: object)
        }
        return nil
    }

    struct RenderedAround {
        let before: [UInt8]
        let after: [UInt8]
        fileprivate let section: [Node]
        fileprivate let object: PageObject

        func item(_ item: PageObject) -> [UInt8] {
            var bytes: [UInt8] = []
            Template.append(section, [.object(object), .object(item)], to: &bytes)
            return bytes
        }
    }

    private static func append(_ nodes: some Sequence<Node>, _ stack: [PageValue], to bytes: inout [UInt8]) {
        for node in nodes {
            switch node {
            case .text(let text): bytes += text
            case .value(let name):
                switch value(name, stack) {
                case .text(let text): HTMLText.append(text, to: &bytes)
                case .markup(let markup): bytes += markup
                case .flag, .list, .object, nil: break
                }
            case .section(let name, let inner, isInverted: true):
                if !isThere(value(name, stack)) { append(inner, stack, to: &bytes) }
            case .section(let name, let inner, isInverted: false):
                guard let value = value(name, stack), isThere(value) else { continue }
                switch value {
                case .list(let values): for value in values { append(inner, stack + [value], to: &bytes) }
                case .text, .markup, .object: append(inner, stack + [value], to: &bytes)
                case .flag: append(inner, stack, to: &bytes)
                }
            }
        }
    }

    private static func value(_ name: String, _ stack: [PageValue]) -> PageValue? {
        guard name != "." else { return stack.last }
        for case .object(let object) in stack.reversed() {
            if let value = object[name] { return value }
        }
        return nil
    }

    private static func isThere(_ value: PageValue?) -> Bool {
        switch value {
        case .text(let text): !text.isEmpty
        case .markup(let bytes): !bytes.isEmpty
        case .flag(let flag): flag
        case .list(let values): !values.isEmpty
        case .object: true
        case nil: false
        }
    }

    /// Every name that the template speaks of, those of sections included.
    var names: Set<String> {
        func names(in nodes: [Node]) -> Set<String> {
            nodes.reduce(into: []) { all, node in
                switch node {
                case .text: break
                case .value(let name): all.insert(name)
                case .section(let name, let inner, _): all.formUnion(names(in: inner).union([name]))
                }
            }
        }
        return names(in: nodes)
    }
}
