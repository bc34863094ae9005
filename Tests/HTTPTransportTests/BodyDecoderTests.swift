import Testing

@testable import HTTPTransport

@Suite("A compressed body", .timeLimit(.minutes(1)))
struct BodyDecoderTests {
    private static let text = Array("The pixels of a picture, again and again and again: \u{1F5BC}".utf8)
    /// Begins like the image that it would be.
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]

    /// Decompresses a body that arrives in these pieces.
    private func decompressed(
        _ pieces: [ArraySlice<UInt8>], _ label: String = "gzip", limit: Int = 1 << 20
    ) throws -> [UInt8] {
        let decoder = try #require(BodyDecoder(for: [label], limit: limit))
        var result: [UInt8] = []
        for piece in pieces {
            try decoder.decode(Array(piece).span.bytes) { span in span.withUnsafeBytes { result += $0 } }
        }
        try decoder.finish { span in span.withUnsafeBytes { result += $0 } }
        return result
    }

    private func decompressed(_ bytes: [UInt8], _ label: String = "gzip", limit: Int = 1 << 20) throws -> [UInt8] {
        try decompressed([bytes[...]], label, limit: limit)
    }

    @Test func plainReplyNeedsNoDecoder() {
        #expect(BodyDecoder(for: [], limit: 1) == nil)
        #expect(BodyDecoder(for: ["base64"], limit: 1) == nil)
    }

    @Test func everySplitGivesTheSameBytes() throws {
        let samples = try [
            ("gzip", Compressed.gzip(Self.text)), ("x-gzip", Compressed.gzip(Self.text)),
            ("deflate", Compressed.zlib(Self.text)),
            ("deflate", Compressed.rawDeflate(Self.text)), ("deflate", Compressed.gzip(Self.text)),
            ("gzip, gzip", Compressed.gzip(Compressed.gzip(Self.text))),
            ("gzip, deflate", Compressed.zlib(Compressed.gzip(Self.text))),
            ("deflate, gzip", Compressed.gzip(Compressed.rawDeflate(Self.text))), ("gzip", Self.text),
            ("deflate", Self.png),
            ("gzip", Compressed.gzip(Array(Self.text.prefix(20))) + Compressed.gzip(Array(Self.text.dropFirst(20)))),
        ]
        for (label, bytes) in samples {
            let whole = try decompressed(bytes, label)
            #expect(whole == (bytes == Self.png ? Self.png : Self.text), "\(label)")
            for cut in 0...bytes.count {
                #expect(try decompressed([bytes[..<cut], bytes[cut...]], label) == whole, "\(label) at \(cut)")
            }
            #expect(try decompressed(bytes.map { [$0][...] }, label) == whole, "\(label) byte by byte")
        }
    }

    @Test func largeBodyComesOutInOrder() throws {
        var state: UInt64 = 1
        let bytes = (0..<700_000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(state >> 59)
        }
        #expect(try decompressed(Compressed.gzip(bytes)) == bytes)
        #expect(try decompressed(Compressed.zlib(bytes), "deflate") == bytes)
        #expect(try decompressed(Compressed.rawDeflate(bytes), "deflate") == bytes)
    }

    @Test func cutAtAnyByteIsTruncated() throws {
        for (label, bytes) in try [("gzip", Compressed.gzip(Self.text)), ("deflate", Compressed.zlib(Self.text))] {
            // So few bytes show no packing yet, and what they are the proof will tell.
            for length in 3..<bytes.count {
                #expect(throws: BodyDecoderError.truncated, "\(label) after \(length)") {
                    try decompressed(Array(bytes.prefix(length)), label)
                }
            }
        }
    }

    @Test func anyFlippedBitIsFoundOrChangesNothing() throws {
        let bytes = try Compressed.gzip(Self.text)
        var found = 0
        // What comes before says when and where it was compressed.
        for bit in 80..<8 * bytes.count {
            var broken = bytes
            broken[bit / 8] ^= 1 << (bit % 8)
            do {
                #expect(try decompressed(broken) == Self.text, "bit \(bit)")
            } catch is BodyDecoderError {
                found += 1
            }
        }
        // A byte is filled up where the data ends, and nobody reads these bits.
        #expect(found >= 8 * (bytes.count - 10) - 7)
    }

    @Test func whatIsNotPackedPassesAsItIs() throws {
        for label in ["gzip", "deflate", "gzip, gzip"] {
            for text in ["", "x", "{}", "{\"data\":{}}", "[1, 2, 3, 4, 5]"] {
                #expect(try decompressed(Array(text.utf8), label) == Array(text.utf8), "\(label) \(text)")
            }
            #expect(try decompressed(Self.png, label) == Self.png)
        }
        // Seen as bare deflate, each of these fails at once.
        for text in ["<!doctype html><title>Sign in</title>", "Service unavailable", "xyz not zlib at all"] {
            #expect(try decompressed(Array(text.utf8), "deflate") == Array(text.utf8), "\(text)")
        }
    }

    @Test(arguments: [Array("garbage".utf8), [0, 0, 0, 0], [0x1F], [0x1F, 0x1F, 0x8B], [0x8B]])
    func whatFollowsTheEndIsPassedOver(garbage: [UInt8]) throws {
        #expect(try decompressed(Compressed.gzip(Self.text) + garbage) == Self.text)
        #expect(try decompressed(Compressed.zlib(Self.text) + garbage, "deflate") == Self.text)
        #expect(try decompressed(Compressed.rawDeflate(Self.text) + garbage, "deflate") == Self.text)
    }

    @Test func memberThatIsBegunHasToEnd() throws {
        let member = try Compressed.gzip(Self.text)
        #expect(throws: BodyDecoderError.truncated) { try decompressed(member + member.prefix(12)) }
        #expect(throws: BodyDecoderError.corrupt) { try decompressed(member + [0x1F, 0x8B, 99, 0, 0]) }
    }

    @Test func presetDictionaryIsRefused() {
        // Method 8, a dictionary, and its checksum.
        let bytes: [UInt8] = [0x78, 0xBB, 0, 0, 0, 1, 0, 0, 0, 0]
        #expect(throws: Never.self) { try decompressed(bytes, "deflate") }
        #expect(throws: BodyDecoderError.corrupt) {
            try decompressed(Compressed.gzip(Self.text) + [0x1F, 0x8B, 8, 0xE0])
        }
    }

    @Test func limitIsOnWhatComesOut() throws {
        let bytes = [UInt8](repeating: 7, count: 5000)
        #expect(try decompressed(Compressed.gzip(bytes), limit: 5000) == bytes)
        #expect(throws: BodyDecoderError.tooLarge) { try decompressed(Compressed.gzip(bytes), limit: 4999) }
    }

    @Test func bombIsStoppedAtTheLimit() throws {
        let bomb = try Compressed.gzip([UInt8](repeating: 0, count: 10_000_000))
        #expect(bomb.count < 11_000)
        for (label, bytes) in try [("gzip", bomb), ("gzip, gzip", Compressed.gzip(bomb))] {
            let decoder = try #require(BodyDecoder(for: [label], limit: 1_000_000))
            var (handedOn, largest) = (0, 0)
            #expect(throws: BodyDecoderError.tooLarge) {
                try decoder.decode(bytes.span.bytes) { span in
                    handedOn += span.byteCount
                    largest = max(largest, span.byteCount)
                }
            }
            #expect(handedOn <= 1_000_000)
            #expect(largest <= 64 << 10)
        }
    }

    @Test func layerWithinMayNotExceedTheLimitEither() throws {
        // A megabyte of empty members, which come to nothing.
        let empty = try Compressed.gzip([])
        let members = Array(repeatElement(empty, count: 50_000).joined())
        #expect(throws: BodyDecoderError.tooLarge) {
            try decompressed(Compressed.gzip(members), "gzip, gzip", limit: 100_000)
        }
        #expect(try decompressed(Compressed.gzip(members), "gzip, gzip", limit: 2_000_000) == [])
    }

    @Test func failureOfTheConsumerIsThrownOn() throws {
        struct Full: Error {}
        let decoder = try #require(BodyDecoder(for: ["gzip"], limit: 100))
        let bytes = try Compressed.gzip(Self.text)
        #expect(throws: Full.self) { try decoder.decode(bytes.span.bytes) { _ in throw Full() } }
    }
}
