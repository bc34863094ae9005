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
        "user:pw", "%20", "%", "%4", "%25eth0", "|", "{", "^", "\"", "\\", "é", " ", "..", ".", "+", "-", "_", "~", "!",
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
            guard let url = try? WebURL(text) else { continue }
            accepted += 1
            #expect(!url.target.utf8.contains { $0 <= 0x20 || $0 >= 0x7f || $0 == UInt8(ascii: "#") }, "\(text)")
            try expectAgreement(url, on: url.text)
            // The host is compared where it is spelled as it stays: an address may have been spelled in another way.
            let prepared = String(decoding: try WebURL.prepared(text), as: UTF8.self)
            let foreign = try #require(URL(string: prepared), "\(text)")
            if case .name(let name) = url.origin.host {
                let host = foreign.host(percentEncoded: true)?.lowercased()
                #expect(host == name || host == name + ".", "\(text)")
            }
        }
        #expect(accepted > 500)
    }

    private func expectAgreement(_ url: WebURL, on text: String) throws {
        let foreign = try #require(URL(string: text), "\(text)")
        #expect(foreign.scheme == url.origin.scheme.rawValue, "\(text)")
        #expect(foreign.user == nil && foreign.password == nil && foreign.fragment == nil, "\(text)")
        #expect(foreign.host(percentEncoded: true) == url.origin.host.bare, "\(text)")
        #expect(foreign.port ?? url.origin.scheme.defaultPort == url.origin.port, "\(text)")
        let query = foreign.query(percentEncoded: true).map { "?" + $0 } ?? ""
        #expect(foreign.path(percentEncoded: true) + query == url.target, "\(text)")
    }
}

/// Numbers that follow from a seed, by splitmix64.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
