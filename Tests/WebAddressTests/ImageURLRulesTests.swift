import Testing

@testable import WebAddress

@Suite("The rules for an image's url", .timeLimit(.minutes(1)))
struct ImageURLRulesTests {
    private func rules(
        allowHTTP: Bool = false, _ patterns: [String] = [], apiIsLoopback: Bool = false
    ) -> ImageURLRules {
        ImageURLRules(
            allowHTTP: allowHTTP, patterns: patterns.compactMap(HostPattern.init), apiIsLoopback: apiIsLoopback)
    }

    private func error(_ url: String, _ rules: ImageURLRules) -> ImageURLError? {
        do throws(ImageURLError) {
            _ = try rules.check(url)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        "https://d1.cloudfront.net/images/user/a/b.png", "https://8.8.8.8/x", "https://[2606:4700::1111]/x",
        "https://a.example:8443/x?sig=y",
    ])
    func publicHostPassesAndItsPeerIsLookedAt(url: String) throws {
        #expect(try rules().check(url).mustBePublic)
    }

    @Test(arguments: [
        "", "x", "/x", "//a.example/x", "ftp://a.example/", "http://a.example/", "http://8.8.8.8/",
        "https://u:p@a.example/", "https://a. example/", "https://\u{2603}.example/", "http://127.0.0.1/",
        "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://2130706433/", "https://[::1]/",
        "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://localhost/",
        "https://localhost./", "https://a.localhost/", "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/", "https://10.0.0.1/", "https://0/", "https://255.255.255.255/", "https://224.0.0.1/",
    ])
    func everythingElseIsRejected(url: String) {
        #expect(error(url, rules()) != nil)
    }

    @Test(arguments: ["https://a.example/ x", "https://a.example/\r\nX: y", " https://a.example/x\n"])
    func whatBrowsersEncodeIsNoReasonToRefuse(url: String) {
        #expect(error(url, rules()) == nil)
    }

    @Test(arguments: [
        ("", WebURLError.malformed), ("x", .notAbsolute), ("//a.example/x", .notAbsolute),
        ("https://a.example:65536/", .malformed), ("https://\u{2603}.example/", .invalidInternationalHost),
        ("https://a.example/" + String(repeating: "x", count: 9000), .tooLong), ("ftp://a.example/", .scheme("ftp")),
        ("data:image/png;base64,AAAA", .scheme("data")), ("https://u:p@a.example/", .credentials),
    ])
    func urlThatIsNoneSaysWhy(url: String, reason: WebURLError) {
        #expect(error(url, rules(["*.localhost", "a.example"])) == .unreadable(reason))
    }

    @Test func hostThatIsRefusedIsNamedWithItsRule() throws {
        let rules = rules(["*.localhost", "a.example"])
        let address = try #require(URLHost("10.0.0.1"))
        #expect(error("http://a.example/", rules) == .plainHTTP(.name("a.example")))
        #expect(error("https://other.example/", rules) == .hostNotAllowed(.name("other.example")))
        #expect(error("https://10.0.0.1/", rules) == .hostNotAllowed(address))
        #expect(error("https://localhost/", rules) == .hostNotAllowed(.name("localhost")))
        #expect(error("https://a.localhost/", rules) == .thisMachine(.name("a.localhost")))
    }

    @Test func hostThatIsNotPublicIsRefusedWhereAllAreAllowed() throws {
        #expect(error("https://10.0.0.1/", rules()) == .specialAddress(try #require(URLHost("10.0.0.1")), .privateUse))
        // Not that it is plain http: nobody is to permit that in vain.
        #expect(error("http://10.0.0.1/", rules()) == .specialAddress(try #require(URLHost("10.0.0.1")), .privateUse))
        #expect(error("https://[::1]/", rules()) == .specialAddress(try #require(URLHost("::1")), .loopback))
        #expect(error("https://localhost/", rules()) == .thisMachine(.name("localhost")))
        let loopback = try #require(URLHost("127.0.0.1"))
        #expect(error("https://\u{ff11}27.1/", rules()) == .specialAddress(loopback, .loopback))
        #expect(error("https://%6cocalhost/", rules()) == .thisMachine(.name("localhost")))
    }

    @Test func patternAndUrlMayBothBeSpelledBeyondASCII() {
        let rules = rules(["b\u{fc}cher.example", "*.stra\u{df}e.example"])
        #expect(error("https://xn--bcher-kva.example/", rules) == nil)
        #expect(error("https://B\u{dc}CHER.example/", rules) == nil)
        #expect(error("https://a.stra\u{df}e.example/", rules) == nil)
        #expect(error("https://a.strasse.example/", rules) == .hostNotAllowed(.name("a.strasse.example")))
    }

    @Test func plainHTTPNeedsPermissionBeyondLoopback() {
        #expect(error("http://a.example/", rules(allowHTTP: true)) == nil)
        #expect(error("http://10.0.0.1/", rules(allowHTTP: true)) != nil)
        #expect(error("http://a.example/", rules(apiIsLoopback: true)) != nil)
        #expect(error("http://127.0.0.1/", rules(apiIsLoopback: true)) == nil)
    }

    @Test func apiOnLoopbackMayHavePrivateImages() throws {
        #expect(try !rules(apiIsLoopback: true).check("https://10.0.0.1/").mustBePublic)
    }

    @Test func onlyAllowedHostsPass() {
        let rules = rules(["*.cloudfront.net", "images.example"])
        #expect(error("https://d1.cloudfront.net/", rules) == nil)
        #expect(error("https://images.example/", rules) == nil)
        #expect(error("https://cloudfront.net/", rules) != nil)
        #expect(error("https://other.example/", rules) != nil)
    }

    @Test func hostSpelledOutMayBePrivateAndOneBelowAStarMayNot() throws {
        let rules = rules(["10.0.0.1", "localhost", "*.corp.example", "*.localhost"])
        #expect(try !rules.check("https://10.0.0.1/").mustBePublic)
        #expect(try !rules.check("http://localhost/").mustBePublic)
        #expect(try rules.check("https://a.corp.example/").mustBePublic)
        #expect(error("https://a.localhost/", rules) != nil)
    }

    @Test func messageRepeatsNothingOfTheUrlButItsHost() throws {
        let refusal = try #require(error("https://10.0.0.1/secret-path?secret-query", rules()))
        #expect(refusal.message.contains("10.0.0.1"))
        #expect(!refusal.message.contains("secret"))
    }
}
