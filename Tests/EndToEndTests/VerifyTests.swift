import Foundation
import Testing

extension EndToEnd {
    /// Images that are read again and compared with their records.
    @Suite(.timeLimit(.minutes(5))) struct VerifyTests: VerifiesImages {
        let fetch: Fetch

        init() async throws {
            fetch = try await Self.fourImages()
        }

        @Test(arguments: [[], ["--deep"], ["-j", "1"], ["--deep", "-j", "9"]])
        func imagesAsRecordedAreSilence(flags: [String]) async throws {
            let ended = try await verify(flags + ["results.jsonl"])
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardOutput == "")
            #expect(ended.standardError == "")
        }

        @Test func missingImageIsTold() async throws {
            try FileManager.default.removeItem(atPath: image)
            #expect(try onlyFault(await verify()) == "missing")
            try FileManager.default.removeItem(atPath: fetch.scratch.path("images"))
            #expect(try told(await verify()).map { $0.text("fault") } == Array(repeating: "missing", count: 4))
        }

        @Test func imageOfAnotherSizeIsTold() async throws {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: image))
            for other in [bytes.dropLast(), bytes + [0], Data()] {
                try other.write(to: URL(fileURLWithPath: image))
                #expect(try onlyFault(await verify()) == "size_differs")
            }
        }

        @Test func flippedBitIsTold() async throws {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: image))
            bytes[bytes.count / 2] ^= 4
            try bytes.write(to: URL(fileURLWithPath: image))
            let ended = try await verify()
            #expect(try onlyFault(ended) == "sha256_differs")
            #expect(ended.standardOutput.contains("CRC-32"), "\(ended)")
        }

        @Test(arguments: ["directory", "fifo", "link", "dangling link"])
        func whatIsNoFileIsToldAndNeverWaitedFor(kind: String) async throws {
            try FileManager.default.moveItem(atPath: image, toPath: fetch.scratch.path("moved.png"))
            switch kind {
            case "directory": try FileManager.default.createDirectory(atPath: image, withIntermediateDirectories: false)
            case "fifo": #expect(mkfifo(image, 0o600) == 0)
            default:
                let target = kind == "link" ? "moved.png" : "nowhere.png"
                try FileManager.default.createSymbolicLink(
                    atPath: image, withDestinationPath: fetch.scratch.path(target))
            }
            #expect(try onlyFault(await verify()) == "not_a_file")
        }

        @Test func imageThatWasRecordedWronglyIsTold() async throws {
            // Another width under the same sum.
            let changed = try results().map {
                $0.contains(ids[1]) ? $0.replacingOccurrences(of: "\"width\":64", with: "\"width\":65") : $0
            }
            _ = try fetch.scratch.file("results.jsonl", changed.joined(separator: "\n") + "\n")
            #expect(try onlyFault(await verify()) == "dimensions_differ")
        }

        /// Puts other bytes in place of the image, and records them as if they had come so.
        private func replaceImage(_ bytes: Data) async throws {
            let old = try Data(contentsOf: URL(fileURLWithPath: image))
            let before = try await tool("/usr/bin/sha256sum", [image], in: fetch.scratch).standardOutput.prefix(64)
            try bytes.write(to: URL(fileURLWithPath: image))
            let after = try await tool("/usr/bin/sha256sum", [image], in: fetch.scratch).standardOutput.prefix(64)
            let changed = try results().map {
                $0.replacingOccurrences(of: before, with: after).replacingOccurrences(
                    of: "\"bytes\":\(old.count),",
                    with: $0.contains(ids[1]) ? "\"bytes\":\(bytes.count)," : "\"bytes\":\(old.count),")
            }
            _ = try fetch.scratch.file("results.jsonl", changed.joined(separator: "\n") + "\n")
        }

        @Test func fileThatNeverWasAnImageIsTold() async throws {
            try await replaceImage(Data("no image".utf8))
            #expect(try onlyFault(await verify()) == "corrupt_png")
        }

        @Test func damagedPixelsUnderARightCRCAreToldByADeepLookAlone() async throws {
            // 64×64 as recorded, and a sound zlib stream of a single byte.
            let header: [UInt8] = [0, 0, 0, 64, 0, 0, 0, 64, 8, 2, 0, 0, 0]
            let stream: [UInt8] = [0x78, 1, 1, 1, 0, 0xFE, 0xFF, 0, 0, 1, 0, 1]
            let bytes =
                Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) + chunk("IHDR", header) + chunk("IDAT", stream)
                + chunk("IEND", [])
            try await replaceImage(bytes)
            #expect(try await verify().status == 0)
            #expect(try onlyFault(await verify(["--deep", "results.jsonl"])) == "pixels_corrupt")
        }

        @Test func irregularImageIsAsRecordedIfItsRecordWarnsOfIt() async throws {
            // 64×64 as recorded, and a line break after the end.
            try await replaceImage(try Data(contentsOf: URL(fileURLWithPath: image)) + Data("\n".utf8))
            #expect(try onlyFault(await verify()) == "corrupt_png")
            #expect(try onlyFault(await verify(["--deep", "results.jsonl"])) == "corrupt_png")
            let warned = try results().map {
                $0.contains(ids[1])
                    ? $0.replacingOccurrences(of: #","polls""#, with: #","warnings":["irregular_png"],"polls""#) : $0
            }
            _ = try fetch.scratch.file("results.jsonl", warned.joined(separator: "\n") + "\n")
            for flags in [[], ["--deep"]] {
                let ended = try await verify(flags + ["results.jsonl"])
                #expect(ended.status == 0, "\(ended)")
            }
        }

        private func chunk(_ name: String, _ data: [UInt8]) -> Data {
            let covered = Array(name.utf8) + data
            var crc = UInt32.max
            for byte in covered {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
            }
            let numbers = [UInt32(data.count), ~crc].map { number in
                Data([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
            }
            return numbers[0] + covered + numbers[1]
        }
    }
}
