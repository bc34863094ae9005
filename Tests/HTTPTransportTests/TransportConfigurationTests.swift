import Testing

@testable import HTTPTransport

@Suite("The configuration of the wire", .timeLimit(.minutes(1)))
struct TransportConfigurationTests {
    @Test(arguments: [
        "https://api.pictory.ai/pictoryapis", "https://api.pictory.ai/pictoryapis/", "https://api.pictory.ai",
        "HTTPS://API.PICTORY.AI:8443/", "http://127.0.0.1:8080/pictoryapis", "http://localhost", "http://[::1]:9/x",
    ])
    func goodApiUrlPasses(url: String) throws {
        try Wire.configuration(api: url).validate()
    }

    @Test(arguments: [
        "", "api.pictory.ai", "/pictoryapis", "//api.pictory.ai", "ftp://api.pictory.ai", "https://", "https:///x",
        "https://u:p@api.pictory.ai", "https://u@api.pictory.ai", "https://api.pictory.ai?x=1",
        "https://api.pictory.ai#x", "https://api.pictory.ai/#", "https://api.pictory.ai/a b",
        "https://api.pictory.ai\n",
        "https://api.pictory.ai:0", "https://api.pictory.ai:65536", "https://api.pictory.ai:99999999999999999999",
        "https://[::1", "http://api.pictory.ai", "http://192.168.0.1", "http://localhost.example",
    ])
    func badApiUrlIsAFault(url: String) {
        #expect(throws: ConfigurationError.self) { try Wire.configuration(api: url).validate() }
    }

    @Test func plainHTTPBeyondLoopbackNeedsPermission() throws {
        try Wire.configuration(api: "http://192.168.0.1", allowHTTP: true).validate()
    }

    @Test(arguments: [
        ("", "empty"), ("two\nlines", "a line break"), ("two\rlines", "a line break"), ("with space", "a space"),
        ("caf\u{e9}", "not ASCII"), ("nul\0", "a control character"), ("\u{7F}", "a control character"),
    ]) func keyThatNoHeaderCarriesIsAFaultThatSaysWhyAndDoesNotShowIt(key: String, reason: String) throws {
        var configuration = Wire.configuration()
        configuration.apiKey = key
        let fault = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(key.isEmpty || fault?.message.contains(key) == false)
        #expect(fault?.message.contains(reason) == true)
    }

    @Test(arguments: ["*", "*.", "*.*.com", "a b", "https://x", "x:443", "x/y", "", "*.10.0.0.1"])
    func patternThatIsNoHostIsAFault(pattern: String) {
        #expect(throws: ConfigurationError.self) { try Wire.configuration(allowedHosts: [pattern]).validate() }
    }

    @Test func unreadableCAFileIsAFault() {
        #expect(throws: ConfigurationError.self) {
            try Wire.configuration(caFile: "/nonexistent/ca.pem").validate()
        }
    }

    @Test func everythingThatIsWrongIsTold() {
        var configuration = Wire.configuration(
            api: "ftp://host", caFile: "/nonexistent/ca.pem", allowedHosts: ["a b", "*"])
        configuration.apiKey = ""
        let all = configuration.errors().map(\.message)
        #expect(all.count == 4, "\(all)")
        for (message, word) in zip(all, ["key", "API url", "'a b'", "/nonexistent/ca.pem"]) {
            #expect(message.contains(word))
        }
        #expect(configuration.errors(besidesKey: true).map(\.message) == Array(all.dropFirst()))
        #expect(Wire.configuration().errors() == [])
    }

    @Test func faultIsFoundBeforeTheTransportIsLent() async {
        await #expect(throws: ConfigurationError.self) {
            try await HTTPTransport.withTransport(Wire.configuration(api: "nonsense")) { _ in
                Issue.record("the transport was lent")
            }
        }
    }
}
