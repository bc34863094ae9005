import Foundation
import Testing

extension EndToEnd {
    /// Images that are read again and compared with their records.
    @Suite(.timeLimit(.minutes(5))) struct VerifyTests {
        private let fetch: Fetch
        private let ids = (0..<4).map { fixture(1, picture: $0) }

        /// Four images and their records, in results.jsonl.
        init() async throws {
            fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(ids.map(line) + ["nonsense"], ["-r", "results.jsonl"])
            try #require(ended.status == 1, "\(ended)")
        }

        private func verify(_ arguments: [String] = ["results.jsonl"], input: FileHandle? = nil) async throws -> Ended {
            // Neither a key nor a setting is needed.
            try await fetch.start(["verify"] + arguments, input: input ?? .nullDevice, environment: [:]).end()
        }

        private var image: String { fetch.scratch.path("images/\(ids[1]).png") }

        private func results() throws -> [String] {
            try String(contentsOfFile: fetch.scratch.path("results.jsonl"), encoding: .utf8)
                .split(separator: "\n").map(String.init)
        }

        /// The faults that are told, one a line.
        private func told(_ ended: Ended) throws -> [Record] {
            #expect(ended.standardOutput.isEmpty || ended.standardOutput.hasSuffix("\n"), "\(ended)")
            return try ended.standardOutput.split(separator: "\n").map { try Record(String($0)) }
        }

        /// The one fault that is told, after a check of all that is told with it.
        private func onlyFault(
            _ ended: Ended, path: String? = nil, _ location: SourceLocation = #_sourceLocation
        ) throws -> String {
            #expect(ended.status == 1, "\(ended)", sourceLocation: location)
            let told = try self.told(ended)
            try #require(told.count == 1, "\(ended)", sourceLocation: location)
            #expect(told[0].names == ["job_id", "path", "line", "results", "fault", "message"])
            #expect(told[0].jobID == ids[1], sourceLocation: location)
            #expect(told[0].text("path") == path ?? "images/\(ids[1]).png", sourceLocation: location)
            #expect(told[0].text("results") == "results.jsonl", sourceLocation: location)
            let position = try results().lastIndex { $0.contains("\"job_id\":\"\(ids[1])\"") }
            #expect(told[0].number == (position ?? -1) + 1, sourceLocation: location)
            #expect(told[0].text("message")?.hasSuffix(".") == true, sourceLocation: location)
            #expect(
                ended.standardError.contains("4 images verified, 1 wrong"), "\(ended)", sourceLocation: location)
            return told[0].text("fault") ?? ""
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

        @Test func lastRecordOfAJobCounts() async throws {
            let first = try results()
            try FileManager.default.removeItem(atPath: image)
            // A later record says that there is no image, in the same file or in one that is read after it.
            let id = ids[1]
            let failed =
                #"{"v":1,"job_id":"\#(id)","status":"failed","manifest":"-","line":1,"#
                + #""error":{"stage":"poll","code":"job_failed","message":"x"},"retry":{"action":"resubmit","reason":"y"},"#
                + #""polls":1,"downloads":0,"first_seen":"2026-11-23T16:39:22.751Z","#
                + #""finished_at":"2026-11-23T16:39:22.835Z","runs":2}"#
            _ = try fetch.scratch.file("more.jsonl", failed + "\n")
            #expect(try await verify(["results.jsonl", "more.jsonl"]).status == 0)
            #expect(try onlyFault(await verify(["more.jsonl", "results.jsonl"])) == "missing")
            _ = try fetch.scratch.file("results.jsonl", (first + [failed]).joined(separator: "\n") + "\n")
            #expect(try await verify().status == 0)
            // And a record after that tells of an image again.
            let again = try #require(first.first { $0.contains("\"job_id\":\"\(id)\"") })
            _ = try fetch.scratch.file("results.jsonl", (first + [failed, again]).joined(separator: "\n") + "\n")
            #expect(try onlyFault(await verify()) == "missing")
        }

        @Test func recordsMayComeFromStandardInput() async throws {
            try FileManager.default.removeItem(atPath: image)
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: fetch.scratch.path("results.jsonl")))
            let ended = try await verify(["-"], input: file)
            #expect(ended.status == 1, "\(ended)")
            #expect(ended.standardOutput.contains("\"results\":\"-\""), "\(ended)")
            #expect(try await verify(["-"]).status == 0)
        }

        @Test func imagesMayLieElsewhere() async throws {
            try FileManager.default.moveItem(
                atPath: fetch.scratch.path("images"), toPath: fetch.scratch.path("archive"))
            #expect(try told(await verify()).count == 4)
            #expect(try await verify(["-o", "archive", "results.jsonl"]).status == 0)
            try FileManager.default.removeItem(atPath: fetch.scratch.path("archive/\(ids[1]).png"))
            let ended = try await verify(["-o", "archive/", "results.jsonl"])
            #expect(try onlyFault(ended, path: "archive/\(ids[1]).png") == "missing")
        }

        @Test func whatCannotBeReadAsRecordsIsRefused() async throws {
            let first = try #require(try results().first { $0.contains("sha256") })
            let damaged = first.replacingOccurrences(of: "\"sha256\":\"", with: "\"sha256\":\"X")
            for (text, says) in [
                ("nonsense\n\(first)\n", "line 1"), ("\(first)\n\n{}\n", "line 3"),
                ("\(first)\n\(damaged)\n", "line 2"),
                ("\(line(ids[0]))\n", "line 1"),
            ] {
                _ = try fetch.scratch.file("other.jsonl", text)
                let ended = try await verify(["results.jsonl", "other.jsonl"])
                #expect(ended.status == 66, "\(ended)")
                #expect(ended.standardError.contains("other.jsonl") && ended.standardError.contains(says), "\(ended)")
                #expect(ended.standardOutput == "")
            }
            for path in ["nowhere.jsonl", "images"] {
                let ended = try await verify([path])
                #expect(ended.status == 66, "\(ended)")
                #expect(ended.standardError.contains(path), "\(ended)")
            }
            // What a killed run has left of its last record is passed over, as --resume does.
            _ = try fetch.scratch.file("other.jsonl", "\(first)\n\(first.dropLast(9))")
            #expect(try await verify(["other.jsonl"]).status == 0)
            #expect(try await verify([]).status == 64)
            #expect(try await verify(["-j", "0", "results.jsonl"]).status == 64)
        }

        @Test func quietTellsFaultsOnStandardOutputAlone() async throws {
            try FileManager.default.removeItem(atPath: image)
            let ended = try await verify(["-q", "results.jsonl"])
            #expect(ended.status == 1)
            #expect(try told(ended).count == 1)
            #expect(ended.standardError == "")
        }

        @Test func outputThatIsFullOrClosedIsTold() async throws {
            try FileManager.default.removeItem(atPath: image)
            let program = Programs.url("pictory-fetch").path
            for (redirection, status) in [("> /dev/full", 74), ("| true", 141), (">&-", 74)] {
                let script = try fetch.scratch.file(
                    "run.sh", "{ sleep 0.2; \(program) verify results.jsonl; echo $? >status; } \(redirection)\n")
                _ = try await tool("/bin/sh", [script], in: fetch.scratch)
                let text = try String(contentsOfFile: fetch.scratch.path("status"), encoding: .utf8)
                #expect(text == "\(status)\n", "\(redirection)")
            }
        }

        @Test func terminalSeesTheCountAlsoWhenAllIsWell() async throws {
            let command = "\(Programs.url("pictory-fetch").path) verify --deep results.jsonl"
            let ended = try await RunningProgram(
                URL(fileURLWithPath: "/usr/bin/script"), ["-qec", command, "/dev/null"],
                environment: ["TERM": "xterm", "SHELL": "/bin/sh"], input: .nullDevice, in: fetch.scratch
            ).end()
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardOutput.contains("4 images verified, 0 wrong"), "\(ended)")
        }
    }
}
