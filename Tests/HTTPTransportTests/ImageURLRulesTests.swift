import FetchCore
import Testing

@testable import HTTPTransport

@Suite("The rules for an image's url", .timeLimit(.minutes(1)))
struct ImageURLRulesTests {
    private func rules(
        allowHTTP: Bool = false, _ patterns: [String] = [], apiIsLoopback: Bool = false
    ) -> ImageURLRules {
        ImageURLRules(
            allowHTTP: allowHTTP, patterns: patterns.compactMap(HostPattern.init), apiIsLoopback: apiIsLoopback)
    }

    private func code(_ url: String, _ rules: ImageURLRules) -> FailureCode? {
        do throws(JobFailure) {
            _ = try rules.check(url)
            return nil
        } catch { return error.code }
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
        "https://u:p@a.example/", "https://a. example/", "https://b\u{fc}cher.example/", "http://127.0.0.1/",
        "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://2130706433/", "https://[::1]/",
        "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://localhost/",
        "https://localhost./", "https://a.localhost/", "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/", "https://10.0.0.1/", "https://0/", "https://255.255.255.255/", "https://224.0.0.1/",
    ])
    func everythingElseIsRejected(url: String) {
        #expect(code(url, rules()) == .urlRejected)
    }

    @Test(arguments: ["https://a.example/ x", "https://a.example/\r\nX: y", " https://a.example/x\n"])
    func whatBrowsersEncodeIsNoReasonToRefuse(url: String) {
        #expect(code(url, rules()) == nil)
    }

    @Test(arguments: [
        ("", JobFailure.Cause.malformedURL), ("x", .malformedURL), ("//a.example/x", .malformedURL),
        ("https://a.example:65536/", .malformedURL), ("https://b\u{fc}cher.example/", .malformedURL),
        ("https://a.example/" + String(repeating: "x", count: 9000), .malformedURL),
        ("ftp://a.example/", .unusableScheme), ("data:image/png;base64,AAAA", .unusableScheme),
        ("https://u:p@a.example/", .credentialsInURL), ("http://a.example/", .plainHTTP),
        ("https://other.example/", .hostNotAllowed), ("https://10.0.0.1/", .hostNotAllowed),
        ("https://localhost/", .hostNotAllowed), ("https://a.localhost/", .hostNotPublic),
    ])
    func everyRejectionHasItsCause(url: String, cause: JobFailure.Cause) {
        let rules = rules(["*.localhost", "a.example"])
        do throws(JobFailure) {
            _ = try rules.check(url)
            Issue.record("the url passed")
        } catch { #expect(error.cause == cause) }
    }

    @Test(arguments: ["https://10.0.0.1/", "https://localhost/", "https://[::1]/"])
    func hostThatIsNotPublicIsTheCauseWhereAllAreAllowed(url: String) {
        do throws(JobFailure) {
            _ = try rules().check(url)
            Issue.record("the url passed")
        } catch { #expect(error.cause == .hostNotPublic) }
    }

    @Test func plainHTTPNeedsPermissionBeyondLoopback() {
        #expect(code("http://a.example/", rules(allowHTTP: true)) == nil)
        #expect(code("http://10.0.0.1/", rules(allowHTTP: true)) == .urlRejected)
        #expect(code("http://a.example/", rules(apiIsLoopback: true)) == .urlRejected)
        #expect(code("http://127.0.0.1/", rules(apiIsLoopback: true)) == nil)
    }

    @Test func apiOnLoopbackMayHavePrivateImages() throws {
        #expect(try !rules(apiIsLoopback: true).check("https://10.0.0.1/").mustBePublic)
    }

    @Test func onlyAllowedHostsPass() {
        let rules = rules(["*.cloudfront.net", "images.example"])
        #expect(code("https://d1.cloudfront.net/", rules) == nil)
        #expect(code("https://images.example/", rules) == nil)
        #expect(code("https://cloudfront.net/", rules) == .urlRejected)
        #expect(code("https://other.example/", rules) == .urlRejected)
    }

    @Test func hostSpelledOutMayBePrivateAndOneBelowAStarMayNot() throws {
        let rules = rules(["10.0.0.1", "localhost", "*.corp.example", "*.localhost"])
        #expect(try !rules.check("https://10.0.0.1/").mustBePublic)
        #expect(try !rules.check("http://localhost/").mustBePublic)
        #expect(try rules.check("https://a.corp.example/").mustBePublic)
        #expect(code("https://a.localhost/", rules) == .urlRejected)
    }

    @Test func messageRepeatsNothingOfTheUrlButItsHost() {
        do throws(JobFailure) {
            _ = try rules().check("https://10.0.0.1/secret-path?secret-query")
            Issue.record("the url passed")
        } catch {
            #expect(error.message.contains("10.0.0.1"))
            #expect(!error.message.contains("secret"))
            #expect(error.stage == .download)
        }
    }
}
