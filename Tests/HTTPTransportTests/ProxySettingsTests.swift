import Testing
import WebAddress

@testable import HTTPTransport

@Suite("The proxies of the environment", .timeLimit(.minutes(1)))
struct ProxySettingsTests {
    private let proxy = "http://user:hush-hush@proxy.test:3128"

    @Test(arguments: ["https_proxy", "HTTPS_PROXY"])
    func bothSpellingsCountForHTTPS(name: String) {
        let settings = ProxySettings(environment: [name: proxy])
        #expect(settings == ProxySettings(https: .init(name: name, value: proxy)))
    }

    @Test func lowerCaseAloneCountsForPlainHTTP() {
        #expect(ProxySettings(environment: ["HTTP_PROXY": proxy]) == ProxySettings())
        #expect(ProxySettings(environment: ["http_proxy": proxy]).http?.value == proxy)
    }

    @Test(arguments: ["no_proxy", "NO_PROXY"])
    func bothSpellingsCountForExceptions(name: String) {
        #expect(ProxySettings(environment: [name: "a.test"]).exceptions == "a.test")
    }

    @Test func lowerCaseWinsUnlessItIsEmpty() {
        var environment = ["https_proxy": "a:1", "HTTPS_PROXY": "b:1", "no_proxy": "a.test", "NO_PROXY": "b.test"]
        #expect(ProxySettings(environment: environment).https == .init(name: "https_proxy", value: "a:1"))
        #expect(ProxySettings(environment: environment).exceptions == "a.test")
        environment["https_proxy"] = ""
        environment["no_proxy"] = ""
        #expect(ProxySettings(environment: environment).https == .init(name: "HTTPS_PROXY", value: "b:1"))
        #expect(ProxySettings(environment: environment).exceptions == "b.test")
    }

    @Test(arguments: [
        "https://user:hush-hush@proxy.test:3128", "socks5://user:hush-hush@proxy.test:3128",
        "http://user:hush-hush@proxy.test", "http://user:hush-hush/@proxy.test:3128", "hush-hush://proxy.test",
    ])
    func unusableProxyIsAFaultThatNamesTheVariableAndNothingOfItsValue(value: String) throws {
        for name in ["https_proxy", "HTTPS_PROXY", "http_proxy"] {
            let configuration = Wire.configuration(proxies: ProxySettings(environment: [name: value]))
            let fault = try #require(throws: ConfigurationError.self) { try configuration.validate() }
            #expect(fault.message.hasPrefix(name + " "))
            #expect(!fault.message.contains("hush-hush"))
            #expect(!fault.message.contains("user:h"))
        }
    }

    @Test func unusableProxyIsFoundBeforeTheTransportIsLent() async {
        let proxies = ProxySettings(environment: ["HTTPS_PROXY": "socks5://proxy.test:1080"])
        await #expect(throws: ConfigurationError.self) {
            try await HTTPTransport.withTransport(Wire.configuration(proxies: proxies)) { _ in
                Issue.record("the transport was lent")
            }
        }
    }

    @Test func plainAPIBehindAProxyIsAFaultForTheProxyWouldReadTheKey() throws {
        func configuration(_ environment: [String: String], api: String = "http://api.test") -> TransportConfiguration {
            Wire.configuration(api: api, allowHTTP: true, proxies: ProxySettings(environment: environment))
        }
        let fault = try #require(throws: ConfigurationError.self) {
            try configuration(["http_proxy": proxy]).validate()
        }
        #expect(fault.message.contains("http_proxy") && fault.message.contains("key"))
        #expect(!fault.message.contains("hush-hush"))
        try configuration(["http_proxy": proxy, "NO_PROXY": "api.test"]).validate()
        try configuration(["http_proxy": proxy], api: "http://127.0.0.1:8080").validate()
        try configuration(["http_proxy": proxy], api: "https://api.test").validate()
        try configuration(["https_proxy": proxy]).validate()
    }

    @Test(arguments: [
        ("https://a.test", "secure.test"), ("http://a.test", "plain.test"), ("https://b.test", nil),
        ("https://localhost", nil), ("http://x.localhost", nil), ("http://127.3.2.1", nil), ("https://[::1]:9", nil),
        ("https://[::ffff:127.0.0.1]", nil), ("https://10.0.0.1", "secure.test"),
    ])
    func schemeChoosesTheProxyAndLoopbackNeedsNone(url: String, proxy: String?) throws {
        let routes = ProxyRoutes(
            https: try ProxyServer("secure.test:1"), http: try ProxyServer("plain.test:1"),
            exceptions: ProxyExceptions("b.test"))
        let origin = try WebURL(url).origin
        #expect(routes.proxy(to: origin)?.host.text == proxy)
    }
}
