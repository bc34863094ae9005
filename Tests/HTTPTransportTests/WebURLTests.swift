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
        // As browsers read it: blanks around it, tabs and line breaks within it, slashes of the wrong kind.
        (" https://a.example/x ", "https://a.example/x"), ("\u{0}\u{1f}https://a.example/x\r\n", "https://a.example/x"),
        ("https://a.example/a\r\nX: y", "https://a.example/aX:%20y"),
        ("ht\ttps://a.ex\nample/\tx", "https://a.example/x"),
        ("https:\\\\a.example\\b?c\\d", "https://a.example/b?c%5Cd"),
        ("https://a.example\\@b.example/", "https://a.example/@b.example/"),
        ("https://a.example/my image.png?a b#c d", "https://a.example/my%20image.png?a%20b"),
        ("https://a.example/my%20image%2fb.png", "https://a.example/my%20image%2fb.png"),
        ("https://a.example/\u{0}\u{1}\u{1f}\u{7f}?\u{0}\u{7f}", "https://a.example/%00%01%1F%7F?%00%7F"),
        ("https://a.example/\"<>^`{|}'", "https://a.example/%22%3C%3E%5E%60%7B%7C%7D'"),
        ("https://a.example/?\"<>^`{|}'", "https://a.example/?%22%3C%3E%5E%60%7B%7C%7D%27"),
        ("https://a.example/x #f", "https://a.example/x%20"),
        ("https://a.example/\u{1F5BC}", "https://a.example/%F0%9F%96%BC"),
        ("https://xn--bcher-kva.example/\u{fc}", "https://xn--bcher-kva.example/%C3%BC"),
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
        ("https://@a.example/", .credentials), (" \t\r\n\u{0}", .malformed), ("#", .malformed),
        ("https://a b.example/", .malformed), ("https://a.example \u{0}/", .malformed),
        ("https://a.example\u{0}b/", .malformed), ("https://a.exam|ple/", .malformed),
        ("https:/a.example/", .notAbsolute), ("https:\\a.example/", .notAbsolute), ("\\\\a.example/", .notAbsolute),
        ("https://[::1", .malformed), ("https://::1/", .malformed),
        ("https://a..example/", .malformed), ("https://%61.example/", .malformed),
        ("https://\u{e9}.example/", .hostNotASCII), ("https://b\u{fc}cher.example/a.png", .hostNotASCII),
        ("https://\u{ff11}27.0.0.1/", .hostNotASCII), ("https://a\u{3002}example/", .hostNotASCII),
        ("https://a.example\u{2044}x/", .hostNotASCII), ("https://b%C3%BCcher.example/", .malformed),
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
        ("a%20b", "https://a.example:44/p/a%20b"), ("/i/my image.png", "https://a.example:44/i/my%20image.png"),
        ("/i/a.png  ", "https://a.example:44/i/a.png"), (" b c ", "https://a.example:44/p/b%20c"),
        ("\\x\\y", "https://a.example:44/x/y"), ("\\\\e.example\\g", "https://e.example/g"),
        ("/\\e.example/g", "https://e.example/g"), ("/\t/e.example/g", "https://e.example/g"),
        ("\u{1}x", "https://a.example:44/p/x"), ("x\u{1}y", "https://a.example:44/p/x%01y"),
        ("http://b.example\\@c.example/", "http://b.example/@c.example/"), ("/b\u{fc}", "https://a.example:44/b%C3%BC"),
        ("?a b'", "https://a.example:44/p/q?a%20b%27"),
    ])
    func locationIsResolvedAgainstTheUrl(location: String, target: String) throws {
        #expect(try WebURL("https://a.example:44/p/q?z").resolving(location).text == target)
    }

    @Test(arguments: [
        ("", WebURL.Flaw.malformed), ("#f", .malformed), ("file:///etc/passwd", .scheme("file")),
        ("http:", .notAbsolute),
        ("http://", .notAbsolute), ("//", .notAbsolute), ("///x", .notAbsolute), ("//:80/", .notAbsolute),
        ("https://[::1", .malformed), ("https://u:p@a.example/", .credentials), ("//u@a.example/", .credentials),
        (" \t", .malformed), ("\u{1}", .malformed), ("//b\u{fc}cher.example/", .hostNotASCII),
        ("http://b\u{fc}cher.example/", .hostNotASCII), ("//a b/", .malformed), ("\\\\u@a.example", .credentials),
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
