import Testing

@testable import HTTPTransport

@Suite("A url", .timeLimit(.minutes(1)))
struct WebURLTests {
    @Test(arguments: [
        ("https://a.example/b?c=d", "https://a.example/b?c=d"),
        ("HTTPS://A.Example", "https://a.example/"),
        ("https://a.example.:443/x#f#g", "https://a.example/x"),
        ("http://a.example:0080/", "http://a.example/"),
        ("https://a.example:/x", "https://a.example/x"),
        ("https://a.example?q", "https://a.example/?q"),
        ("https://a.example/a%2Fb+c?x=%2B&y=a+b", "https://a.example/a%2Fb+c?x=%2B&y=a+b"),
        ("https://a.example/a|b%20c?x[0]=%2F{}", "https://a.example/a%7Cb%20c?x%5B0%5D=%2F%7B%7D"),
        ("https://a.example/100%/\u{fc}", "https://a.example/100%25/%C3%BC"),
        ("https://[2001:DB8::7]:8443/x", "https://[2001:db8::7]:8443/x"),
        ("https://0x7f.1/", "https://127.0.0.1/"), ("https://2130706433/", "https://127.0.0.1/"),
    ])
    func isBuiltAgainFromItsParts(text: String, rebuilt: String) throws {
        let url = try WebURL(text)
        #expect(url.text == rebuilt)
        #expect(try WebURL(url.text) == url)
    }

    @Test(arguments: [
        ("", WebURL.Flaw.malformed), ("a.example/x", .notAbsolute), ("/x", .notAbsolute), ("//a.example", .notAbsolute),
        ("https:", .notAbsolute), ("https:a.example", .notAbsolute), ("https:///x", .notAbsolute),
        ("file:///etc/passwd", .scheme("file")), ("ftp://a.example/", .scheme("ftp")),
        ("http+unix://%2Ftmp%2Fs/", .scheme("http+unix")), ("javascript:1", .scheme("javascript")),
        ("https://u:p@a.example/", .credentials), ("https://u@a.example/", .credentials),
        ("https://@a.example/", .credentials), ("https://a.example\\@b.example/", .credentials),
        ("https://a b.example/", .forbiddenCharacter), ("https://a.example/\n", .forbiddenCharacter),
        ("https://a.example/\u{0}", .forbiddenCharacter), ("https://a.example/\u{7f}", .forbiddenCharacter),
        ("https://a.example/\t", .forbiddenCharacter), ("https://[::1", .malformed), ("https://::1/", .malformed),
        ("https://a..example/", .malformed), ("https://%61.example/", .malformed),
        ("https://\u{e9}.example/", .malformed),
        ("https://a.example:0/", .malformed), ("https://a.example:65536/", .malformed),
        ("https://a.example:99999999999999999999/", .malformed), ("https://a.example:8x/", .malformed),
        ("https://[fe80::1%25eth0]/", .malformed), ("https://[v1.x]/", .malformed), ("https://1.2.3.4.5/", .malformed),
        ("https://256.1.1.1/", .malformed), ("https://a.0x/", .malformed), ("https://-.1/", .malformed),
    ])
    func flawIsNamed(text: String, flaw: WebURL.Flaw) {
        #expect(throws: flaw) { try WebURL(text) }
    }

    @Test func lengthHasALimit() throws {
        let start = "https://a.example/"
        let room = WebURL.maxBytes - start.utf8.count
        _ = try WebURL(start + String(repeating: "x", count: room))
        #expect(throws: WebURL.Flaw.tooLong) { try WebURL(start + String(repeating: "x", count: room + 1)) }
    }

    @Test(arguments: [
        ("/x", "https://a.example:44/x"), ("y", "https://a.example:44/p/y"), ("?k", "https://a.example:44/p/q?k"),
        ("../../../m", "https://a.example:44/m"), ("//e.example/g", "https://e.example/g"),
        ("//[::1]/", "https://[::1]/"), ("http://b.example/|", "http://b.example/%7C"),
        ("a%20b", "https://a.example:44/p/a%20b"),
    ])
    func locationIsResolvedAgainstTheUrl(location: String, target: String) throws {
        #expect(try WebURL("https://a.example:44/p/q?z").resolving(location).text == target)
    }

    @Test(arguments: [
        ("", WebURL.Flaw.malformed), ("#f", .malformed), ("file:///etc/passwd", .scheme("file")),
        ("http:", .notAbsolute),
        ("http://", .notAbsolute), ("//", .notAbsolute), ("///x", .notAbsolute), ("//:80/", .notAbsolute),
        ("https://[::1", .malformed), ("https://u:p@a.example/", .credentials), ("//u@a.example/", .credentials),
        ("/a b", .forbiddenCharacter), ("\u{1}", .forbiddenCharacter),
    ])
    func locationThatLeadsNowhereIsAFlaw(location: String, flaw: WebURL.Flaw) throws {
        let url = try WebURL("https://a.example:44/p/q?z")
        #expect(throws: flaw) { try url.resolving(location) }
    }

    @Test func originIsSchemeHostAndPort() throws {
        let origin = try WebURL("https://a.example/x").origin
        #expect(try WebURL("https://A.EXAMPLE:443/y").origin == origin)
        for other in ["http://a.example/", "https://a.example:444/", "https://b.a.example/", "https://example/"] {
            #expect(try WebURL(other).origin != origin)
        }
    }
}
