import Foundation
import Testing

extension EndToEnd {
    /// Images that arrive in good HTTP and are not sound.
    @Suite(.timeLimit(.minutes(5))) struct ImageBodyTests {
        private static func body(_ bytes: [UInt8], _ headers: [String] = []) -> FaultServer.Script {
            { _ in Act.reply(200, headers + ["Content-Type: image/png"], body: bytes) }
        }

        @Test func imageCutAtAnyByteIsNeverDownloaded() async throws {
            // What is shorter than the signature could be anything.
            let signature = 8
            let faults = Picture.bytes.indices.map { length in
                let cut = Array(Picture.bytes.prefix(length))
                return Fault.image("cut at \(length)", "truncated", script: Self.body(cut))
            }
            try await expectEnds(of: Array(faults.dropFirst(signature)), ["--retries", "0"])
            try await expectNone(of: faults.prefix(signature))
        }

        @Test func imageWithAnyBitFlippedIsNeverDownloaded() async throws {
            let flipped = Picture.bytes.indices.map { index in
                var bytes = Picture.bytes
                bytes[index] ^= 1 << (index % 8)
                return Fault.image("byte \(index)", "", script: Self.body(bytes))
            }
            try await expectNone(of: flipped)
        }

        @Test func whatIsNoImageIsClassified() async throws {
            let endless: FaultServer.Script = { _ in
                [Act.head(200, []), .send(Picture.beginning), .flood(Picture.comment)]
            }
            let faults: [Fault] = [
                .image("nothing", "truncated", script: Self.body([])),
                .image("a page", "not_png", polls: 2, downloads: 2, script: Self.body(Array("<html>".utf8))),
                .image(
                    "a JPEG", "not_png", "fix", polls: 2, downloads: 2,
                    script: Self.body([0xFF, 0xD8, 0xFF, 0xE0] + Picture.bytes)),
                .image("a JPEG, another each time", "not_png", polls: 2, downloads: 2) { exchange in
                    Act.reply(200, body: [0xFF, 0xD8, 0xFF, 0xE0, UInt8(exchange.count)] + Picture.bytes)
                },
                .image("other bytes behind it each time", "corrupt_png", polls: 2, downloads: 3) { exchange in
                    Act.reply(200, body: Picture.bytes + [UInt8(exchange.count)])
                },
                .image("bytes behind it the first time", "downloaded", polls: 1, downloads: 2) { exchange in
                    exchange.count == 1 ? Act.reply(200, body: Picture.bytes + [0]) : exchange.good
                },
                .image(
                    "gzip that ends too early", "truncated", downloads: 3,
                    script: Self.body(Picture.gzip.dropLast(), ["Content-Encoding: gzip"])),
                .image(
                    "gzip with another checksum", "corrupt_png", polls: 2, downloads: 2,
                    script: Self.body(
                        Picture.gzip.dropLast(8) + [0, 0, 0, 0] + Picture.gzip.suffix(4), ["Content-Encoding: gzip"])),
                .image(
                    "gzip, not said so", "not_png", polls: 2, downloads: 2,
                    script: Self.body([0x1F, 0x8B, 8, 0, 0, 0, 0])),
                .image("endless", "image_too_large", "fix", downloads: 1, script: endless),
                .image("endless and nothing like a PNG", "not_png", polls: 2, downloads: 2) { _ in
                    [Act.head(200, []), .flood(Array(repeating: 0, count: 65_536))]
                },
                .image("endless after its end", "image_too_large", "fix", downloads: 1) { _ in
                    [Act.head(200, []), .flood(Picture.bytes)]
                },
                .image("said to be too large", "image_too_large", "fix", downloads: 1) { _ in
                    [Act.head(200, ["Content-Length: 2000000"]), .send(Picture.beginning), .hold]
                },
                .image("a chunk said to have four gigabytes", "corrupt_png", polls: 2, downloads: 2) { _ in
                    [
                        Act.head(200, []), .send(Picture.beginning + [0xFF, 0xFF, 0xFF, 0xFF] + Array("IDAT".utf8)),
                        .flood(Array(repeating: 0, count: 65_536)),
                    ]
                },
                .image("other bytes the second time", "downloaded", polls: 2, downloads: 2) { exchange in
                    exchange.count == 1 ? Act.reply(200, body: Picture.bytes.reversed()) : exchange.good
                },
            ]
            try await expectEnds(of: faults, ["--max-image-size", "1MB"])
        }

        @Test func packedImageAsLargeAsTheLimitIsKept() async throws {
            try await expectEnds(
                of: [
                    .image(
                        "gzip, larger than what is in it", "downloaded", downloads: 1,
                        script: Self.body(Picture.gzip, ["Content-Encoding: gzip"]))
                ], ["--max-image-size", "\(Picture.bytes.count)"], status: 0)
        }

        @Test func irregularImageIsKeptAsItCameIfItComesTwiceTheSame() async throws {
            let images = [Picture.bytes + [0], Picture.bytes + Picture.bytes]
            let server = try FaultServer { exchange in
                let index = Int(exchange.id.suffix(12), radix: 16) ?? 0
                return exchange.isPoll ? exchange.good : Act.reply(200, body: images[index])
            }
            let night = try Night(server)
            let records = try await night.run(images.indices.map { line(faultID($0)) }, status: 0)
            for (index, image) in images.enumerated() {
                let record = try #require(records[index + 1])
                #expect(record.warnings == ["irregular_png"])
                #expect(record.polls == 1 && record.downloads == 2)
                let path = night.scratch.path("images/\(faultID(index)).png")
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(image))
            }
        }

        @Test func soundImageIsKeptWhateverItsLabelSays() async throws {
            let labels = [
                "base64", "aws-chunked", "utf-8", "binary", "none", "", "br", "zstd", "identity, identity", "gzip",
                "deflate", "gzip, gzip",
            ]
            let faults = labels.map { label in
                Fault.image(
                    "plain, labelled \(label)", "downloaded", downloads: 1,
                    script: Self.body(Picture.bytes, ["Content-Encoding: \(label)"]))
            }
            let compressed = [
                ("gzip", Picture.gzip), ("x-gzip", Picture.gzip), ("aws-chunked,gzip", Picture.gzip),
                ("deflate", Picture.zlib), ("deflate", Picture.zlib.dropFirst(2).dropLast(4)),
            ].map { label, bytes in
                Fault.image(
                    "compressed, labelled \(label)", "downloaded", downloads: 1,
                    script: Self.body(Array(bytes), ["Content-Encoding: \(label)"]))
            }
            try await expectEnds(of: faults + compressed, status: 0)
        }

        /// Runs a job for each, none of which may end as downloaded; and then all again.
        private func expectNone(of faults: some Sequence<Fault>) async throws {
            let faults = Array(faults)
            let server = try FaultServer { exchange in
                let index = Int(exchange.id.suffix(12), radix: 16) ?? 0
                return exchange.isPoll || exchange.isHealed ? exchange.good : faults[index].image(exchange)
            }
            let night = try Night(server)
            let records = try await night.run(
                faults.indices.map { line(faultID($0)) }, ["--retries", "0"], status: 75)
            let codes: Set<String> = ["not_png", "corrupt_png", "truncated", "image_too_large"]
            for record in records.values {
                #expect(codes.contains(record.code ?? ""), "\(record.line)")
            }
            #expect(night.scratch.files(in: "images") == [])
            server.heal()
            try await night.expectRerunFinishes(records.values)
        }
    }
}
