import Testing

@testable import WebAddress

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
        ("https://a.example/a|b%20c?x[0]=%2F{}", "https://a.example/a|b%20c?x[0]=%2F{}"),
        ("https://a.example/100%/\u{fc}", "https://a.example/100%/%C3%BC"),
        // As browsers read it: blanks around it, tabs and line breaks within it, slashes of the wrong kind.
        (" https://a.example/x ", "https://a.example/x"), ("\u{0}\u{1f}https://a.example/x\r\n", "https://a.example/x"),
        ("https://a.example/a\r\nX: y", "https://a.example/aX:%20y"),
        ("ht\ttps://a.ex\nample/\tx", "https://a.example/x"),
        ("https:\\\\a.example\\b?c\\d", "https://a.example/b?c\\d"),
        ("https://a.example\\@b.example/", "https://a.example/@b.example/"),
        ("https://a.example/my image.png?a b#c d", "https://a.example/my%20image.png?a%20b"),
        ("https://a.example/my%20image%2fb.png", "https://a.example/my%20image%2fb.png"),
        ("https://a.example/\u{0}\u{1}\u{1f}\u{7f}?\u{0}\u{7f}", "https://a.example/%00%01%1F%7F?%00%7F"),
        ("https://a.example/\"<>^`{|}'", "https://a.example/%22%3C%3E%5E%60%7B|%7D'"),
        ("https://a.example/?\"<>^`{|}'", "https://a.example/?%22%3C%3E^`{|}%27"),
        ("https://a.example/x #f", "https://a.example/x%20"),
        ("https://a.example/\u{1F5BC}", "https://a.example/%F0%9F%96%BC"),
        ("https://xn--bcher-kva.example/\u{fc}", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://a.example/[x]%%2x?[x]%%2x", "https://a.example/[x]%%2x?[x]%%2x"),
        ("https://[2001:DB8:0::7]:8443/x", "https://[2001:db8::7]:8443/x"),
        ("https://0x7f.1/", "https://127.0.0.1/"), ("https://2130706433/", "https://127.0.0.1/"),
        // Any number of slashes after the scheme, and of zeros before the port.
        ("https:a.example", "https://a.example/"), ("https:/a.example/x", "https://a.example/x"),
        ("https:////a.example/x", "https://a.example/x"), ("https:\\/\\a.example?x", "https://a.example/?x"),
        ("https://a.example:000000443/", "https://a.example/"),
        // Dot segments are carried out.
        ("https://a.example/p/../x", "https://a.example/x"), ("https://a.example/p/%2e%2E/x", "https://a.example/x"),
        ("https://a.example/p/.%2e", "https://a.example/"), ("https://a.example/p/%2e./x/.", "https://a.example/x/"),
        ("https://a.example/../../x", "https://a.example/x"), ("https://a.example/./.", "https://a.example/"),
        ("https://a.example//..//x", "https://a.example//x"), ("https://a.example/a\\..\\b", "https://a.example/b"),
        ("https://a.example/.../..x/.x/%2ex", "https://a.example/.../..x/.x/%2ex"),
        ("https://a.example/x?/../y", "https://a.example/x?/../y"), ("https://a.example/.?x", "https://a.example/?x"),
        ("https://a.example/\u{5}2e/x", "https://a.example/%052e/x"),
        // A host beyond ASCII, or percent-encoded, is the name that DNS knows it by.
        ("https://B\u{fc}cher.example/a.png", "https://xn--bcher-kva.example/a.png"),
        ("https://b%C3%BCcher.example/", "https://xn--bcher-kva.example/"),
        ("https://bu\u{308}cher.example/", "https://xn--bcher-kva.example/"),
        ("https://stra\u{df}e.example/", "https://xn--strae-oqa.example/"),
        ("https://a\u{3002}example./", "https://a.example/"), ("https://%61.ex%41mple/", "https://a.example/"),
        ("https://\u{ff41}.example/", "https://a.example/"), ("https://\u{212a}.example/", "https://k.example/"),
        ("https://\u{ff11}27.0.0.1/", "https://127.0.0.1/"), ("https://%30%78%37f.1/", "https://127.0.0.1/"),
        ("https://b\u{fc}_x.example/", "https://xn--b_x-hoa.example/"), ("https://xn--a/", "https://xn--a/"),
        ("https://[::ffff:1.2.3.4]/", "https://[::ffff:102:304]/"),
    ])
    func isBuiltAgainFromItsParts(text: String, rebuilt: String) throws {
        let url = try WebURL(text)
        #expect(url.text == rebuilt)
        #expect(try WebURL(url.text) == url)
    }

    @Test(arguments: [
        ("", WebURLError.malformed), ("a.example/x", .notAbsolute), ("/x", .notAbsolute), ("//a.example", .notAbsolute),
        ("https:", .notAbsolute), ("https:///", .notAbsolute), ("https:?x", .notAbsolute), ("https://#x", .notAbsolute),
        ("file:///etc/passwd", .scheme("file")), ("ftp://a.example/", .scheme("ftp")),
        ("http+unix://%2Ftmp%2Fs/", .scheme("http+unix")), ("javascript:1", .scheme("javascript")),
        ("https://u:p@a.example/", .credentials), ("https://u@a.example/", .credentials),
        ("https://@a.example/", .credentials), (" \t\r\n\u{0}", .malformed), ("#", .malformed),
        ("https://a b.example/", .malformed), ("https://a.example \u{0}/", .malformed),
        ("https://a.example\u{0}b/", .malformed), ("https://a.exam|ple/", .malformed),
        ("\\\\a.example/", .notAbsolute), ("https:@a.example/", .credentials),
        ("https://[::1", .malformed), ("https://::1/", .malformed),
        ("https://a..example/", .malformed),
        // Not in IDNA: a symbol, a slash, a joiner at the start, two directions, hyphens where none may be.
        ("https://\u{2603}.example/", .invalidInternationalHost),
        ("https://a.example\u{2044}x/", .invalidInternationalHost),
        ("https://\u{200d}a.example/", .invalidInternationalHost),
        ("https://\u{5d0}a.example/", .invalidInternationalHost),
        ("https://-\u{fc}.example/", .invalidInternationalHost),
        ("https://ab--\u{fc}.example/", .invalidInternationalHost),
        ("https://\(String(repeating: "\u{fc}", count: 70)).example/", .invalidInternationalHost),
        // What becomes a slash, an at sign or nothing; encoded bytes that are no UTF-8, or that no host may hold.
        ("https://a\u{ff0f}b.example/", .malformed), ("https://u\u{ff20}b.example/", .malformed),
        ("https://\u{ad}/", .malformed), ("https://b%FCcher.example/", .malformed), ("https://%C3/", .malformed),
        ("https://a%00.example/", .malformed), ("https://b\u{fc}%00.example/", .malformed),
        ("https://a%2Fb/", .malformed), ("https://u%40a.example/", .malformed), ("https://a%3A80/", .malformed),
        ("https://%3A%3A1/", .malformed), ("https://a%.example/", .malformed), ("https://a%2.example/", .malformed),
        ("https://%2561.example/", .malformed), ("https://[%3A%3A1]/", .malformed),
        ("https://[\u{ff11}::]/", .malformed),
        ("https://a.example:0/", .malformed), ("https://a.example:65536/", .malformed),
        ("https://a.example:99999999999999999999/", .malformed), ("https://a.example:8x/", .malformed),
        ("https://[fe80::1%25eth0]/", .malformed), ("https://[v1.x]/", .malformed), ("https://1.2.3.4.5/", .malformed),
        ("https://256.1.1.1/", .malformed), ("https://a.0x/", .malformed), ("https://-.1/", .malformed),
    ])
    func errorSaysWhatIsWrong(text: String, error: WebURLError) {
        #expect(throws: error) { try WebURL(text) }
    }

    @Test func lengthHasALimit() throws {
        let start = "https://a.example/"
        let room = WebURL.maxBytes - start.utf8.count
        _ = try WebURL(start + String(repeating: "x", count: room))
        #expect(throws: WebURLError.tooLong) { try WebURL(start + String(repeating: "x", count: room + 1)) }
        // What is sent counts too: encoded, and put together.
        #expect(throws: WebURLError.tooLong) { try WebURL(start + String(repeating: "\u{fc}", count: room / 4)) }
        let long = try WebURL(start + String(repeating: "x", count: room / 2) + "/")
        #expect(throws: WebURLError.tooLong) { try long.resolving(String(repeating: "x", count: room / 2 + 1)) }
    }

    @Test(arguments: [
        ("/x", "https://a.example:44/x"), ("y", "https://a.example:44/p/y"), ("?k", "https://a.example:44/p/q?k"),
        ("../../../m", "https://a.example:44/m"), ("//e.example/g", "https://e.example/g"),
        ("//[::1]/", "https://[::1]/"), ("http://b.example/|", "http://b.example/|"),
        ("a%20b", "https://a.example:44/p/a%20b"), ("/i/my image.png", "https://a.example:44/i/my%20image.png"),
        ("/i/a.png  ", "https://a.example:44/i/a.png"), (" b c ", "https://a.example:44/p/b%20c"),
        ("\\x\\y", "https://a.example:44/x/y"), ("\\\\e.example\\g", "https://e.example/g"),
        ("/\\e.example/g", "https://e.example/g"), ("/\t/e.example/g", "https://e.example/g"),
        ("\u{1}x", "https://a.example:44/p/x"), ("x\u{1}y", "https://a.example:44/p/x%01y"),
        ("http://b.example\\@c.example/", "http://b.example/@c.example/"), ("/b\u{fc}", "https://a.example:44/b%C3%BC"),
        ("?a b'", "https://a.example:44/p/q?a%20b%27"),
        ("", "https://a.example:44/p/q?z"), ("#f", "https://a.example:44/p/q?z"), (" \t", "https://a.example:44/p/q?z"),
        ("?", "https://a.example:44/p/q?"), (".", "https://a.example:44/p/"), ("./", "https://a.example:44/p/"),
        ("..", "https://a.example:44/"), ("../x/./%2e%2e/y", "https://a.example:44/y"),
        ("a/../b", "https://a.example:44/p/b"),
        ("/%2e%2e/x", "https://a.example:44/x"), ("a%2fb|c%", "https://a.example:44/p/a%2fb|c%"),
        ("///e.example/g", "https://e.example/g"),
        ("https:", "https://a.example:44/p/q?z"), ("HTTPS:y", "https://a.example:44/p/y"),
        ("https:/y", "https://a.example:44/y"), ("https:?y", "https://a.example:44/p/q?y"),
        ("https:#y", "https://a.example:44/p/q?z"), ("https:\\\\e.example", "https://e.example/"),
        ("http:y", "http://y/"), ("http:/y/x", "http://y/x"),
        ("//b\u{fc}cher.example/", "https://xn--bcher-kva.example/"),
    ])
    func locationIsResolvedAgainstTheUrl(location: String, target: String) throws {
        #expect(try WebURL("https://a.example:44/p/q?z").resolving(location).text == target)
    }

    @Test(arguments: [
        ("file:///etc/passwd", WebURLError.scheme("file")), ("x:y", .scheme("x")), ("http:", .notAbsolute),
        ("http://", .notAbsolute), ("//", .notAbsolute), ("///", .notAbsolute), ("//:80/", .notAbsolute),
        ("https://[::1", .malformed), ("https://u:p@a.example/", .credentials), ("//u@a.example/", .credentials),
        ("//\u{2603}.example/", .invalidInternationalHost), ("http:\u{2603}", .invalidInternationalHost),
        ("//a b/", .malformed), ("\\\\u@a.example", .credentials),
    ])
    func locationThatLeadsNowhereIsAnError(location: String, error: WebURLError) throws {
        let url = try WebURL("https://a.example:44/p/q?z")
        #expect(throws: error) { try url.resolving(location) }
    }

    @Test func originIsSchemeHostAndPort() throws {
        let origin = try WebURL("https://a.example/x").origin
        #expect(try WebURL("https://A.EXAMPLE:443/y").origin == origin)
        for other in ["http://a.example/", "https://a.example:444/", "https://b.a.example/", "https://example/"] {
            #expect(try WebURL(other).origin != origin)
        }
    }
}
