import FoundationEssentials
import Testing

@testable import HTTPTransport

/// What passes for a url means the same to a reader that is not ours: no request goes where a check has not looked.
@Suite("A url and Foundation's reading of it", .timeLimit(.minutes(1)))
struct WebURLAgreementTests {
    private static let beginnings = ["", "https://", "http://a.example", "https://a.example/"]

    /// Pieces that matter to one rule or another.
    private static let pieces = [
        "http", "https", "HTTPS", "ftp", ":", "//", "/", "?", "#", "@", "[", "]", "a.example", "A.b", "127.0.0.1",
        "::1", "2001:db8::7", "[::1]", "[v1.x]", "0x7f.1", "0", "1", ":80", ":0080", ":99999", ":0", ":8x", "a.b:443/x",
        "user:pw", "%20", "%", "%4", "%25eth0", "|", "{", "^", "\"", "\\", "é", " ", "\t", "\n", "\u{1}", "\u{7f}",
        "..", ".", "+", "-", "_", "~", "!",
        "$", "'", "(", "*", ",", ";", "=", "&", "?q", "&a=b", "x",
    ]

    @Test(arguments: 0..<8) func everyPartIsTheSame(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        var accepted = 0
        for _ in 0..<4000 {
            var text = try #require(Self.beginnings.randomElement(using: &random))
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                text += try #require(Self.pieces.randomElement(using: &random))
            }
            let prepared = (try? WebURL.prepared(text)) ?? []
            let foreign = URL(string: String(decoding: prepared, as: UTF8.self))
            guard let url = try? WebURL(text) else {
                let hostIsASCII = prepared.allSatisfy { $0 < 0x80 }
                #expect(!hostIsASCII || foreign.map(Self.mayBeRefused) ?? true, "\(text)")
                continue
            }
            accepted += 1
            #expect(!url.target.utf8.contains { $0 <= 0x20 || $0 >= 0x7f || $0 == UInt8(ascii: "#") }, "\(text)")
            Self.expectAgreement(url, try #require(foreign, "\(text)"))
            Self.expectAgreement(url, try #require(URL(string: url.text), "\(text)"))
        }
        #expect(accepted > 500)
    }

    private static func expectAgreement(_ url: WebURL, _ foreign: URL) {
        let (origin, text) = (url.origin, foreign.absoluteString)
        #expect(foreign.scheme?.lowercased() == origin.scheme.rawValue, "\(text)")
        #expect(foreign.user == nil && foreign.password == nil && foreign.fragment == nil, "\(text)")
        #expect(foreign.host(percentEncoded: true).flatMap { URLHost($0) } == origin.host, "\(text)")
        #expect(foreign.port ?? origin.scheme.defaultPort == origin.port, "\(text)")
        let path = foreign.path(percentEncoded: true)
        let query = foreign.query(percentEncoded: true).map { "?" + $0 } ?? ""
        #expect((path.isEmpty ? "/" : path) + query == url.target, "\(text)")
    }

    /// Whether a rule of ours forbids what Foundation reads: a port of more than five digits too, and `[v1.x]`, an address
    /// of the future, whose brackets Foundation does not show.
    private static func mayBeRefused(_ foreign: URL) -> Bool {
        let isWeb = foreign.scheme.map { WebURL.Scheme(rawValue: $0.lowercased()) != nil } ?? false
        let isAnonymous = foreign.user == nil && foreign.password == nil
        let isOfTheFuture = foreign.absoluteString.contains("[v")
        let hasHost = foreign.host(percentEncoded: true).map { URLHost($0) != nil && !isOfTheFuture } ?? false
        let hasPort = (1...65535).contains(foreign.port ?? 443) && !foreign.absoluteString.contains(":0")
        return !(isWeb && isAnonymous && hasHost && hasPort)
    }
}
