import Testing
import WebAddress

@testable import HTTPTransport

@Suite("A proxy's url", .timeLimit(.minutes(1)))
struct ProxyServerTests {
    @Test(arguments: [
        ("http://proxy.test:3128", "http://proxy.test:3128"), ("proxy.test:3128", "http://proxy.test:3128"),
        ("HTTP://PROXY.TEST:80/", "http://proxy.test:80"), ("10.0.0.1:8080", "http://10.0.0.1:8080"),
        ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128"), ("localhost:1", "http://localhost:1"),
    ])
    func goodUrlNamesHostAndPort(text: String, origin: String) throws {
        let proxy = try ProxyServer(text)
        #expect(proxy.origin == origin)
        #expect(proxy.authorization == nil)
    }

    @Test func addressOfSixIsConnectedToWithoutBrackets() throws {
        #expect(try ProxyServer("http://[2001:db8::1]:3128").host.bare == "2001:db8::1")
    }

    @Test(arguments: [
        ("http://user:pass@proxy.test:1", "Basic dXNlcjpwYXNz"), ("user:pass@proxy.test:1", "Basic dXNlcjpwYXNz"),
        ("http://us%65r:p%40ss%3A%2F@proxy.test:1", "Basic dXNlcjpwQHNzOi8="),
        ("http://user:p@ss:@proxy.test:1", "Basic dXNlcjpwQHNzOg=="), ("http://user@proxy.test:1", "Basic dXNlcjo="),
    ])
    func userAndPasswordAreDecoded(text: String, header: String) throws {
        let proxy = try ProxyServer(text)
        #expect(proxy.authorization == header)
        #expect(proxy.origin == "http://proxy.test:1")
    }

    @Test(arguments: [
        "https://proxy.test:3128", "socks5://proxy.test:1080", "socks5h://u:p@proxy.test:1080", "ftp://proxy.test:21",
        "://proxy.test:1",
    ])
    func otherSchemeIsRefused(text: String) {
        #expect(throws: ProxyServerError.scheme) { try ProxyServer(text) }
    }

    @Test(arguments: ["http://proxy.test", "proxy.test", "http://u:p@proxy.test/", "[2001:db8::1]"])
    func portMustBeNamed(text: String) {
        #expect(throws: ProxyServerError.noPort) { try ProxyServer(text) }
    }

    @Test(arguments: [
        "", "http://", "http://:3128", "proxy.test:", "proxy.test:0", "proxy.test:65536", "proxy.test:x",
        "proxy.test:+80", "http://proxy.test:80/path", "http://proxy.test:80?x", "http://user:p/ss@proxy.test:80",
        "http://user:1#ss@proxy.test:80", "http://us%er:p@proxy.test:80", "http://u:p%4@proxy.test:80",
        "http://u:%ff@proxy.test:80", "http://:p@proxy.test:80", "http://u%3Au:p@proxy.test:80",
        "pro xy.test:80", "http://[proxy.test]:80", "http://[2001:db8::1:80", "http://0x7f.1.1.1.1:80",
    ])
    func malformedUrlIsRefused(text: String) {
        #expect(throws: ProxyServerError.malformed) { try ProxyServer(text) }
    }
}
