/// What a name in a template stands for.
///
/// The value decides whether it is escaped, and not the template: text always is, markup never.
enum PageValue: Sendable {
    /// Anything that is to be read, from wherever it comes. Empty text counts as absent.
    case text(String)
    /// HTML, CSS, JavaScript, SVG or Base64 of our own making. No text from outside is in it but through ``HTMLText``.
    case markup([UInt8])
    case flag(Bool)
    case list([PageValue])
    case object(PageObject)

    static func texts(_ texts: [String]) -> PageValue { .list(texts.map(PageValue.text)) }
    static func objects(_ objects: [PageObject]) -> PageValue { .list(objects.map(PageValue.object)) }
}

/// Values by their names; what does not apply is absent.
typealias PageObject = [String: PageValue]
