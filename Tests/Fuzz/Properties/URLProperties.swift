import WebAddress

/// A url is printed so that every reader finds the same server in it, and no spelling avoids a rule for hosts.
enum URLProperties {
    /// The input is a url, a `Location`, a host and a list of exceptions to proxies, with the byte 255, which is in no
    /// text, between them.
    static func check(_ input: [UInt8]) throws(Violation) {
        var texts = input.split(separator: 255, maxSplits: 3, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        while texts.count < 4 { texts.append("") }

        let fallback = try read("https://a.example:44/p/q?z")
        let base = try? WebURL(texts[0])
        if let base {
            try checkReading(of: base)
            try checkPlainHost(of: texts[0], base)
            try checkRules(for: base)
        }
        try checkReference(texts[1], base ?? fallback)
        try checkHost(texts[2])
        try checkExceptions(texts[3], (base ?? fallback).origin)
    }

    /// What is printed reads the same again, and its parts are where they seem to be.
    private static func checkReading(of url: WebURL) throws(Violation) {
        try require(try read(url.text) == url, "\(url.text) reads otherwise when it is read again")
        try require(url.text.utf8.count <= WebURL.maxBytes, "a url of \(url.text.utf8.count) bytes")
        try require(url.target.utf8.first == UInt8(ascii: "/"), "the target is \(url.target)")
        try require(
            url.target.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "#") }, "the target is \(url.target)")
        try require((1...65535).contains(url.origin.port), "the port is \(url.origin.port)")
        let start = "\(url.origin.scheme.rawValue)://"
        let authority = url.text.dropFirst(start.utf8.count).prefix { $0 != "/" }
        let port = url.origin.port == url.origin.scheme.defaultPort ? "" : ":\(url.origin.port)"
        try require(
            url.text.hasPrefix(start) && authority == url.origin.host.text + port && authority == url.origin.authority,
            "\(url.text) names another host than \(url.origin.host.text)")
        try check(url.origin.host)
    }

    /// Where a text needs no interpretation, the host is what stands in it.
    private static func checkPlainHost(of text: String, _ url: WebURL) throws(Violation) {
        guard let colon = text.firstRange(of: "://") else { return }
        let host = text[colon.upperBound...].utf8.prefix { !"/?#\\:".utf8.contains($0) }
        let isPlain =
            !host.isEmpty
            && host.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            }
        guard isPlain, text[..<colon.lowerBound].allSatisfy({ $0.isASCII && $0.isLetter }) else { return }
        let name = host.last == UInt8(ascii: ".") ? host.dropLast() : host
        try require(url.origin.host.text == String(decoding: name, as: UTF8.self), "\(text) leads to \(url.text)")
    }

    private static func checkRules(for url: WebURL) throws(Violation) {
        let rules = ImageURLRules(allowHTTP: false, patterns: [], apiIsLoopback: false)
        guard let target = try? rules.check(url) else { return }
        try require(target.url == url && target.mustBePublic, "\(url.text) became \(target)")
        try require(url.origin.scheme == .https && !url.origin.host.isLoopback, "\(url.text) passed")
        if case .address(let address) = url.origin.host {
            try require(address.special == nil, "\(url.text) passed")
        }
    }

    private static func checkReference(_ text: String, _ base: WebURL) throws(Violation) {
        let resolved = try? base.resolving(text)
        if let resolved {
            try checkReading(of: resolved)
            let staysHere = resolved.origin == base.origin
            try require(!isPath(text) || staysHere, "\(text) leads from \(base.text) to \(resolved.text)")
        }
        if let absolute = try? WebURL(text) {
            // `https:x` leads to a path of an https base.
            if text.drop(while: { $0 != ":" }).dropFirst().hasPrefix("//") {
                try require(resolved == absolute, "\(text) is \(absolute.text) alone, but not from \(base.text)")
            }
        }
        switch Redirect.decide(status: 302, location: text, from: base, followed: 0) {
        case .none: throw Violation("a redirect is none")
        case .follow(let next):
            try require(next == resolved, "a redirect to \(text) leads to \(next.text)")
            try require(
                base.origin.scheme == .http || next.origin.scheme == .https, "\(base.text) leads to \(next.text)")
        case .refuse: break
        }
    }

    /// Whether a reference has neither a scheme nor a host, whatever is taken away at its start.
    private static func isPath(_ text: String) -> Bool {
        let bytes = text.utf8.drop { $0 <= 0x20 }.filter { !"\t\r\n".utf8.contains($0) }
        let start = bytes.prefix { !"/\\?#".utf8.contains($0) }
        return !start.contains(UInt8(ascii: ":")) && !bytes.prefix(2).allSatisfy { "/\\".utf8.contains($0) }
    }

    private static func checkHost(_ text: String) throws(Violation) {
        if let host = URLHost(text) { try check(host) }
        switch HostPattern(text) {
        case .exactly(let host)?:
            try check(host)
            try require(HostPattern(text)?.matches(host) == true, "\(text) does not allow \(host.text)")
        case .below(let name)?:
            try require(HostPattern(text)?.matches(.name(name)) == false, "\(text) allows \(name)")
            try require(HostPattern(text)?.matches(.name("a.\(name)")) == true, "\(text) does not allow a.\(name)")
        case nil: break
        }
    }

    private static func check(_ host: URLHost) throws(Violation) {
        try require(URLHost(host.bare) == host, "the host \(host.text) reads otherwise when it is read again")
        switch host {
        case .name(let name):
            try require(1...253 ~= name.utf8.count, "a name of \(name.utf8.count) bytes")
            let isPlain = name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || "-_.".utf8.contains(byte)
            }
            try require(isPlain && IPAddress(name) == nil, "the name is \(name)")
        case .address(let address):
            try require(IPAddress(address.text) == address, "the address \(address.text) reads otherwise")
        }
    }

    private static func checkExceptions(_ list: String, _ origin: WebURL.Origin) throws(Violation) {
        let covers = ProxyExceptions(list).cover(origin)
        try require(!covers || ProxyExceptions("x.invalid,\(list)").cover(origin), "an entry more covers less: \(list)")
        try require(ProxyExceptions("\(list),*").cover(origin), "a star does not cover everything: \(list)")
        let host = origin.host.text
        try require(ProxyExceptions("\(list),\(host)").cover(origin), "a host is not covered by itself: \(list)")
        let other = origin.port == 9 ? 10 : 9
        try require(
            covers == ProxyExceptions("\(list),\(host):\(other)").cover(origin),
            "another port makes a difference: \(list)")
    }

    private static func read(_ text: String) throws(Violation) -> WebURL {
        do { return try WebURL(text) } catch { throw Violation("\(text) is refused: \(error)") }
    }
}
