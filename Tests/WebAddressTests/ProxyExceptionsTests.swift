import Testing

@testable import WebAddress

@Suite("Hosts that need no proxy", .timeLimit(.minutes(1)))
struct ProxyExceptionsTests {
    @Test(arguments: [
        ("*", "https://anything.test"), ("a.test, *", "https://[2001:db8::1]:8443"),
        ("example.com", "https://example.com"), ("example.com", "https://a.b.example.com"),
        (".example.com", "https://example.com"), (".example.com", "https://a.example.com"),
        ("*.example.com", "https://a.example.com"), ("EXAMPLE.com.", "https://Example.COM"),
        ("a.test,example.com", "https://example.com"), (" a.test ,\texample.com ", "https://example.com"),
        ("a.test example.com", "https://example.com"), (",,example.com,", "https://example.com"),
        ("example.com:8443", "https://example.com:8443"), ("example.com:443", "https://a.example.com"),
        ("example.com:80", "http://example.com"), ("com", "https://example.com"),
        ("192.0.2.7", "https://192.0.2.7"), ("192.0.2.7:8443", "https://192.0.2.7:8443"),
        ("192.0.2.7", "https://0xc0000207"), ("2001:db8::7", "https://[2001:db8:0::7]"),
        ("[2001:db8::7]", "https://[2001:db8::7]:99"), ("[2001:db8::7]:99", "https://[2001:db8::7]:99"),
        ("10.0.0.0/8", "https://10.255.0.1"), ("192.0.2.128/25", "https://192.0.2.128"),
        ("2001:db8::/32", "https://[2001:db8:ffff::1]"), ("0.0.0.0/0", "https://192.0.2.7"),
        ("192.0.2.7/32", "https://192.0.2.7"), ("/x,user@,a:b:c,:1,example.com", "https://example.com"),
    ])
    func covers(list: String, url: String) throws {
        let origin = try WebURL(url).origin
        #expect(ProxyExceptions(list).cover(origin))
    }

    @Test(arguments: [
        ("", "https://example.com"), (",", "https://example.com"), ("example.com", "https://notexample.com"),
        ("example.com", "https://example.com.evil.test"), (".example.com", "https://xexample.com"),
        ("a.example.com", "https://example.com"), ("example.com:8443", "https://example.com"),
        ("example.com:443", "http://example.com"), ("ex*.com", "https://example.com"),
        ("192.0.2.7", "https://192.0.2.77"), ("0.2.7", "https://192.0.2.7"), ("192.0.2.7:80", "https://192.0.2.7"),
        ("[2001:db8::7]:99", "https://[2001:db8::7]"), ("2001:db8::7", "https://[2001:db8::8]"),
        ("10.0.0.0/8", "https://11.0.0.1"), ("192.0.2.128/25", "https://192.0.2.127"),
        ("10.0.0.0/33", "https://10.0.0.0"), ("10.0.0.0/", "https://10.0.0.0"), ("10.0.0.0/-1", "https://10.0.0.0"),
        ("::/0", "https://10.0.0.1"), ("0.0.0.0/0", "https://example.com"),
        ("2001:db8::/33", "https://[2001:db8:8000::]"),
        ("*:443", "https://example.com"), ("https://example.com", "https://example.com"),
    ])
    func doesNotCover(list: String, url: String) throws {
        let origin = try WebURL(url).origin
        #expect(!ProxyExceptions(list).cover(origin))
    }
}
