import FoundationEssentials
import Testing
import TestRandom

@testable import WebAddress

/// What passes for a url means the same to a reader that is not ours: no request goes where a check has not looked.
@Suite("A url and Foundation's reading of it", .timeLimit(.minutes(1)))
struct WebURLAgreementTests {
    private static let beginnings = ["", "https://", "http://a.example", "https://a.example/"]

    /// Pieces that matter to one rule or another.
    private static let pieces = [
        "http", "https", "HTTPS", "ftp", ":", "//", "/", "?", "#", "@", "[", "]", "a.example", "A.b", "127.0.0.1",
        "::1", "2001:db8::7", "[::1]", "[v1.x]", "0x7f.1", "0", "1", ":80", ":0080", ":99999", ":0", ":8x", "a.b:443/x",
        "user:pw", "%20", "%", "%4", "%25eth0", "|", "{", "^", "\"", "\\", "é", " ", "\t", "\n", "\u{1}", "\u{7f}",
        "..", ".", "/../", "%2e", "%61", "bücher", "１", "+", "-", "_", "~", "!",
        "$", "'", "(", "*", ",", ";", "=", "&", "?q", "&a=b", "x",
    ]

    @Test(arguments: 0..<8) func everyPartIsTheSame(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<4000 {
            var text = try #require(Self.beginnings.randomElement(using: &random))
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                text += try #require(Self.pieces.randomElement(using: &random))
            }
            // Foundation reads by RFC 3986, which knows neither blanks nor backslashes.
            let isForBoth = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }
            let foreign = isForBoth ? URL(string: text) : nil
            guard let url = try? WebURL(text) else {
                #expect(foreign.map(Self.mayBeRefused) ?? true, "\(text)")
                continue
            }
            accepted += 1
            #expect(!url.target.utf8.contains { $0 <= 0x20 || $0 >= 0x7f || $0 == UInt8(ascii: "#") }, "\(text)")
            #expect(url.target.hasPrefix("/"), "\(text)")
            if let foreign, foreign.host(percentEncoded: true)?.isEmpty == false {
                Self.expectSameOrigin(url, foreign)
            }
            let printed = try #require(URL(string: url.origin.text + Self.strict(url.target)), "\(text)")
            Self.expectSameOrigin(url, printed)
            let path = printed.path(percentEncoded: true)
            let query = printed.query(percentEncoded: true).map { "?" + $0 } ?? ""
            #expect(printed.fragment == nil, "\(text)")
            #expect(path + query == Self.strict(url.target), "\(text)")
        }
        #expect(accepted > 500)
    }

    private static func expectSameOrigin(_ url: WebURL, _ foreign: URL) {
        let (origin, text) = (url.origin, foreign.absoluteString)
        #expect(foreign.scheme?.lowercased() == origin.scheme.rawValue, "\(text)")
        #expect(foreign.user == nil && foreign.password == nil, "\(text)")
        #expect(foreign.host(percentEncoded: false).flatMap { URLHost($0) } == origin.host, "\(text)")
        #expect(foreign.port ?? origin.scheme.defaultPort == origin.port, "\(text)")
    }

    /// The target with what browsers leave as it is and RFC 3986 forbids percent-encoded, a lone percent sign too.
    private static func strict(_ target: String) -> String {
        let bytes = Array(target.utf8)
        var strict: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isLone = byte == UInt8(ascii: "%") && PercentEncoding.decoded(bytes[index...].prefix(3)) == nil
            if isLone || "[]|^`{}\\".utf8.contains(byte) {
                strict += PercentEncoding.encoded(byte)
            } else {
                strict.append(byte)
            }
        }
        return String(decoding: strict, as: UTF8.self)
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
