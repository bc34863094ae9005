import TestRandom
import Testing

@testable import WebAddress

@Suite("Image urls, checked one after the other", .timeLimit(.minutes(1)))
struct ImageURLCheckerTests {
    private typealias Answer = Result<ImageURLRules.Target, ImageURLError>

    private static let beginnings = [
        "https://a.example/", "https://a.example:443/", "HTTPS://A.example/", "https://a.example", "https:a.example/",
        "https:/a.example/", "https:///a.example/", "https:\\\\a.example/", "https://a.example\\",
        " https://a.example/",
        "ht\ttps://a.example/", "https://a.ex\nample/", "https://user@a.example/", "https://user:pw@a.example/",
        "https://a.example:8443/", "https://a.example:0/", "https://a.example.evil.example/", "https://a.example%2f/",
        "https://%61.example/", "https://bücher.example/", "https://xn--bcher-kva.example/", "https://10.0.0.1/",
        "https://0x7f.1/", "https://[2606:4700::1111]/", "https://[::1]/", "http://a.example/", "http://localhost/",
        "https://a.example?x=/", "https://a.example#/", "ftp://a.example/", "//a.example/", "/",
    ]

    /// Pieces that matter to one rule or another.
    private static let pieces = [
        "x", "y.png", "/", "//", "\\", "..", ".", "/../", "/./", "%2e", "%2E%2e/", "%", "%20", "?", "?a=b&c=/d", "#",
        "#f",
        " ", "\t", "\r\n", "é", "\u{7f}", "\u{0}", "'", "\"", "<", "{", "^", "`", "|", "@", "@b.example/", ":", ":80/",
        "&", ";", "~", "_", "=", "+", "!", "[", "]", "https://b.example/",
    ]

    private static func answer(_ check: () throws(ImageURLError) -> ImageURLRules.Target) -> Answer {
        do throws(ImageURLError) { return .success(try check()) } catch { return .failure(error) }
    }

    @Test(arguments: 0..<8) func whatWasAcceptedBeforeChangesNoAnswer(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rules = ImageURLRules(
            allowHTTP: seed % 2 == 0, patterns: seed % 3 == 0 ? [HostPattern("*.example")].compactMap(\.self) : [],
            apiIsLoopback: seed % 4 == 1)
        let checker = ImageURLChecker(rules)
        var accepted = 0
        for _ in 0..<4000 {
            // Each of a few in a row, so that what is remembered is asked for.
            let beginning = try #require(Self.beginnings.randomElement(using: &random))
            for _ in 0..<3 {
                var text = beginning
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    text += try #require(Self.pieces.randomElement(using: &random))
                }
                let answer = Self.answer { () throws(ImageURLError) in try checker.check(text) }
                #expect(answer == Self.answer { () throws(ImageURLError) in try rules.check(text) }, "\(text)")
                if case .success = answer { accepted += 1 }
            }
        }
        #expect(accepted > 1000)
    }

    @Test(arguments: [WebURL.maxBytes / 2, WebURL.maxBytes - 1, WebURL.maxBytes, WebURL.maxBytes + 1])
    func lengthOfAUrlIsLimitedAlways(length: Int) throws {
        let rules = ImageURLRules(allowHTTP: false, patterns: [], apiIsLoopback: true)
        let checker = ImageURLChecker(rules)
        // The address is sent as 0.0.0.0, so that what is sent is longer than what was written.
        let beginning = "https://0/"
        _ = try checker.check(beginning)
        let text = beginning + String(repeating: "x", count: length - beginning.utf8.count)
        #expect(
            Self.answer { () throws(ImageURLError) in try checker.check(text) }
                == Self.answer { () throws(ImageURLError) in try rules.check(text) })
    }

    @Test(arguments: [
        "https://a.example/x.png", "https://a.example/", "https://a.example/u/1.png?X-Signature=a%2Fb&c=d",
    ])
    func beginningIsKnownAgain(url: String) throws {
        let rules = ImageURLRules(allowHTTP: false, patterns: [], apiIsLoopback: false)
        let first = "https://a.example/first.png"
        let beginning = try #require(AcceptedBeginning(of: first, rules.check(first)))
        #expect(beginning.target(of: url) == (try rules.check(url)))
    }

    @Test(arguments: [
        "https://a.example", "https:a.example/b/c", "https:///a.example/x", "https://a.example\\x/y",
        "https://a.example?/x",
        " https://a.example/x", "https://a.ex\tample/x",
    ])
    func beginningThatIsRewrittenIsNotRemembered(url: String) throws {
        let rules = ImageURLRules(allowHTTP: false, patterns: [], apiIsLoopback: false)
        #expect(AcceptedBeginning(of: url, try rules.check(url)) == nil)
    }
}
