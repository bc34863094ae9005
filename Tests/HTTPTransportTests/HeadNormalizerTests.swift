import NIOCore
import Testing
import TestRandom

@testable import HTTPTransport

@Suite("The normalization of a reply's head", .timeLimit(.minutes(1)))
struct HeadNormalizerTests {
    /// What comes out when the bytes arrive in these pieces.
    private func normalized(_ pieces: [ArraySlice<UInt8>]) -> [UInt8] {
        var normalizer = HeadNormalizer()
        return pieces.flatMap { Array(normalizer.normalize(ByteBuffer(bytes: $0)).readableBytesView) }
    }

    private func normalized(_ text: String) -> String {
        String(decoding: normalized([Array(text.utf8)[...]]), as: UTF8.self)
    }

    /// The first is what comes, the second what is read.
    private static let samples = [
        // Nothing to change.
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
        ("HTTP/1.1 200 OK\r\n\r\n\r\n x\r\n y", "HTTP/1.1 200 OK\r\n\r\n\r\n x\r\n y"),
        // Folded fields.
        ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "HTTP/1.1 200 OK\r\nX: a   b\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nX: a\r\n\tb\r\n\r\n", "HTTP/1.1 200 OK\r\nX: a  \tb\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nX:\r\n a\r\n b\r\nY: c\r\n\r\n", "HTTP/1.1 200 OK\r\nX:   a   b\r\nY: c\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nX: a\r\n \r\n\r\n", "HTTP/1.1 200 OK\r\nX: a   \r\n\r\n"),
        // A body is nobody's head.
        (
            "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\nX: a\r\n b\r\n\r\nLocation: \u{fc}",
            "HTTP/1.1 200 OK\r\nX: a   b\r\n\r\nX: a\r\n b\r\n\r\nLocation: \u{fc}"
        ),
        // Replies before the last one.
        (
            "HTTP/1.1 103 Early\r\nLink: a\r\n b\r\n\r\nHTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\nX: a\r\n b",
            "HTTP/1.1 103 Early\r\nLink: a   b\r\n\r\nHTTP/1.1 200 OK\r\nX: a   b\r\n\r\nX: a\r\n b"
        ),
        (
            "HTTP/1.1 101 Switching Protocols\r\nX: a\r\n b\r\n\r\nX: a\r\n b\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nX: a   b\r\n\r\nX: a\r\n b\r\n"
        ),
        // Letters beyond ASCII, in a Location alone.
        (
            "HTTP/1.1 302 Found\r\nlocation: /\u{fc}\r\n /\u{fc}\r\nX: \u{fc}\r\n\r\n\u{fc}",
            "HTTP/1.1 302 Found\r\nlocation: /%C3%BC   /%C3%BC\r\nX: \u{fc}\r\n\r\n\u{fc}"
        ),
        (
            "HTTP/1.1 302 Found\r\nContent-Location: \u{fc}\r\nLOCATION:\u{fc}\r\nLocations: \u{fc}\r\n\r\n",
            "HTTP/1.1 302 Found\r\nContent-Location: \u{fc}\r\nLOCATION:%C3%BC\r\nLocations: \u{fc}\r\n\r\n"
        ),
        // No field goes on here, so it is left to the decoder, which refuses it.
        ("HTTP/1.1 200 OK\r\n X: a\r\n\r\n", "HTTP/1.1 200 OK\r\n X: a\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nX\r\n : a\r\n\r\n", "HTTP/1.1 200 OK\r\nX\r\n : a\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nX: a\n b\n\n c\r\n d", "HTTP/1.1 200 OK\r\nX: a\n b\n\n c\r\n d"),
        ("HTTP/1.1 200 OK\r\nX: a\rb\r\r\n\r\n", "HTTP/1.1 200 OK\r\nX: a\rb\r\r\n\r\n"),
        ("\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
        ("no HTTP\r\n at all", "no HTTP\r\n at all"), ("", ""), ("\n", "\n"),
    ]

    @Test(arguments: samples) func foldedLinesAndForeignLettersAreRewritten(came: String, isRead: String) {
        #expect(normalized(came) == isRead)
    }

    @Test(arguments: samples) func everySplitGivesTheSame(came: String, isRead: String) {
        let bytes = Array(came.utf8)
        for cut in 0...bytes.count {
            #expect(normalized([bytes[..<cut], bytes[cut...]]) == Array(isRead.utf8), "at \(cut)")
        }
        #expect(normalized(bytes.map { [$0][...] }) == Array(isRead.utf8))
    }

    @Test func bytesThatAreNotUTF8AreKept() {
        let head = Array("HTTP/1.1 302 Found\r\nLocation: /b".utf8) + [0xFC, 0xFF, 0x80] + Array("cher\r\n\r\n".utf8)
        let isRead = "HTTP/1.1 302 Found\r\nLocation: /b%FC%FF%80cher\r\n\r\n"
        #expect(normalized([head[...]]) == Array(isRead.utf8))
    }

    @Test func endOfALineIsHeldBackUntilItIsKnownWhatFollows() {
        var normalizer = HeadNormalizer()
        func next(_ text: String) -> String { String(buffer: normalizer.normalize(ByteBuffer(string: text))) }
        #expect(next("HTTP/1.1 200 OK\r\nX: a\r") == "HTTP/1.1 200 OK\r\nX: a")
        #expect(next("\n") == "")
        #expect(next(" b\r\n") == "   b")
        #expect(next("Y") == "\r\nY")
        #expect(next(": c\r\n\r\n") == ": c\r\n\r\n")
        #expect(!normalizer.isInHead)
    }

    @Test func wholeHeadCostsNoCopy() {
        let bytes = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        var normalizer = HeadNormalizer()
        let passed = normalizer.normalize(bytes)
        let (before, after) = (
            bytes.withUnsafeReadableBytes(\.baseAddress), passed.withUnsafeReadableBytes(\.baseAddress)
        )
        #expect(before == after)
        #expect(!normalizer.isInHead)
    }

    /// Whatever comes: only the line breaks and letters above are ever replaced.
    @Test(arguments: 0..<4) func anyBytesSplitAnyhowComeOutTheSame(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "HTTP/1.1 200 OK", "HTTP/1.1 103 E", "\r\n", "\r\n", "\r\n", "\n", "\r", " ", "\t", ":", "X", "Location",
            "location: ", "\u{fc}", "a",
        ]
        for _ in 0..<2000 {
            var text = "HTTP/1.1 \(random.next() % 2 == 0 ? 200 : 100) OK\r\n"
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                text += try #require(pieces.randomElement(using: &random))
            }
            let bytes = Array(text.utf8)
            // With a byte more, no end of a line is left held back.
            let whole = normalized([bytes[...], [0x21]])
            let cut = Int.random(in: 0...bytes.count, using: &random)
            #expect(normalized([bytes[..<cut], bytes[cut...], [0x21]]) == whole, "\(text.debugDescription) at \(cut)")
            if !text.contains("\u{fc}") { #expect(whole.count == bytes.count + 1, "\(text.debugDescription)") }
        }
    }
}
