import Synchronization

/// Checks the image urls of a run by its rules, on any thread.
///
/// Scheme, host and port decide whether a url is accepted, and nearly all urls of a run begin with the same ones. So the
/// beginning that was accepted last is remembered, and of a url that begins like it only the rest is looked at.
package final class ImageURLChecker: Sendable {
    package let rules: ImageURLRules
    private let last = Mutex<AcceptedBeginning?>(nil)

    package init(_ rules: ImageURLRules) {
        self.rules = rules
    }

    /// Checks a url that the API gave, as ``ImageURLRules/check(_:)-(String)`` does.
    package func check(_ text: String) throws(ImageURLError) -> ImageURLRules.Target {
        if let known = last.withLock({ $0?.target(of: text) }) { return known }
        let target = try rules.check(text)
        if let beginning = AcceptedBeginning(of: text, target) { last.withLock { $0 = beginning } }
        return target
    }
}

/// The beginning of an accepted url, up to the slash after its host and port.
struct AcceptedBeginning {
    /// As the url spelled it.
    private let bytes: [UInt8]
    private let target: ImageURLRules.Target

    /// The beginning of a url that was accepted; nil if a part of it would be rewritten or does not end in a slash.
    init?(of text: String, _ target: ImageURLRules.Target) {
        let bytes = Array(text.utf8)
        // The slash after the authority is the third one, and stands neither in a fragment nor in a query.
        let slashes = bytes.indices.lazy.filter { bytes[$0] == UInt8(ascii: "/") }.prefix(3)
        guard slashes.count == 3, let end = slashes.last else { return nil }
        let scheme = bytes.prefix { $0 != UInt8(ascii: ":") }
        let authority = bytes[..<end].dropFirst(scheme.count + 3)
        let isPlain = bytes[..<end].allSatisfy { $0 > 0x20 && !#"\?#"#.utf8.contains($0) }
        guard isPlain, !authority.isEmpty, !authority.contains(UInt8(ascii: "/")) else { return nil }
        self.bytes = Array(bytes[...end])
        self.target = target
    }

    /// What the rules say of a url that begins so, if nothing in the rest of it has to be rewritten; nil for any other.
    func target(of text: String) -> ImageURLRules.Target? {
        let span = text.utf8Span.span
        guard bytes.count <= span.count, span.count <= WebURL.maxBytes / 2 else { return nil }
        for index in bytes.indices where span[index] != bytes[index] { return nil }
        // The slash belongs to both.
        let start = bytes.count - 1
        guard URLTarget.isUsableAsItIs(span.extracting(start...)) else { return nil }
        let rest = text.utf8.index(text.startIndex, offsetBy: start)
        let url = WebURL(target.url.origin, usableTarget: String(text[rest...]))
        return ImageURLRules.Target(url: url, mustBePublic: target.mustBePublic)
    }
}
