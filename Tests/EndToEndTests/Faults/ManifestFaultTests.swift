import Foundation
import Testing

extension EndToEnd {
    /// Manifests that nobody wrote by hand.
    @Suite(.timeLimit(.minutes(5))) struct ManifestFaultTests {
        private func records(of manifest: [UInt8], status: Int32, lines: Int) async throws -> [Int: Record] {
            let night = try Night(try FaultServer { $0.good })
            let path = night.scratch.path("jobs.jsonl")
            try Data(manifest).write(to: URL(fileURLWithPath: path))
            let ended = try await night.start(Night.brief + [path]).end()
            let records = try ended.records()
            try await night.expectOrder(after: ended, lines: lines, records: records, status: status)
            return Dictionary(records.map { ($0.number, $0) }) { first, _ in first }
        }

        private let good = Array("\n\(line(faultID(0)))\n".utf8)

        @Test func hundredMegabytesInALineAreOneInvalidRecord() async throws {
            let records = try await records(
                of: Array(#"{"job_id":""#.utf8) + [UInt8](repeating: 0x78, count: 100_000_000) + good, status: 1,
                lines: 2)
            #expect(records[1]?.code == "line_too_long")
            #expect(records[2]?.status == "downloaded")
        }

        @Test func millionBlankLinesAreCountedAndPassedOver() async throws {
            let records = try await records(of: [UInt8](repeating: 0x0A, count: 999_999) + good, status: 0, lines: 1)
            #expect(records[1_000_001]?.status == "downloaded")
        }

        @Test func bytesThatAreNoTextAreInvalid() async throws {
            let wide: [UInt8] = line(faultID(0)).utf8.reduce(into: []) { $0 += [$1, 0] }
            let lines: [[UInt8]] = [
                Array("a\u{0}b".utf8), Array("{\"job_id\":\"\u{0}\"}".utf8), [0x22, 0xFF, 0xFE, 0x22],
                [0xFF, 0xFE] + wide,
                wide, Array("\u{FEFF}\u{FEFF}\(line(faultID(0)))".utf8), [0x7F], [0x1B, 0x5B],
            ]
            let records = try await records(
                of: Array(lines.joined(separator: [0x0A])) + good, status: 1, lines: lines.count + 1)
            for number in 1...lines.count {
                #expect(records[number]?.code == "invalid_json", "\(number): \(records[number]?.line ?? "")")
            }
        }

        @Test func joinedFilesWithByteOrderMarksAreRead() async throws {
            let joined = "\u{FEFF}\(line(faultID(0)))\n\u{FEFF}\(line(faultID(1)))\n"
            let records = try await records(of: Array(joined.utf8), status: 0, lines: 2)
            #expect(records[2]?.status == "downloaded")
        }

        @Test func compressedManifestIsNamedWithTheCommandForIt() async throws {
            let night = try Night(try FaultServer { $0.good })
            let lines = (0..<200).map { "\(line(faultID($0)))\n" }.joined()
            _ = try night.scratch.file("jobs.jsonl", lines)
            let refused = try await night.shell("gzip jobs.jsonl; exec $fetch jobs.jsonl.gz")
            #expect(refused.status == 1, "\(refused)")
            let records = try refused.records()
            #expect(records.first?.line.contains("gzip -dc jobs.jsonl.gz | pictory-fetch") == true, "\(refused)")
            #expect(records.allSatisfy { $0.code == "invalid_json" && $0.line.contains("gzip") })
            let decompressed = try await night.shell("gzip -dc jobs.jsonl.gz | exec $fetch")
            try await night.expectOrder(
                after: decompressed, lines: 200, records: decompressed.records(), status: 0, made: ["jobs.jsonl.gz"])
        }

        /// What a user wrote comes back as it stands, and its records are a journal and a manifest again.
        @Test func halfAnEmojiInAnOwnFieldGoesThroughEveryReader() async throws {
            let server = try FaultServer { $0.isHealed ? $0.good : $0.data(#""status":"in-progress""#) }
            let night = try Night(server)
            let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
            let input = #"{"job_id":"\#(faultID(0))","prompt":"a cat \ud83d","x":1e999,"y":\#(deep)}"#
            _ = try night.scratch.file("jobs.jsonl", input + "\n")
            let program = Programs.url("pictory-fetch").path
            for (command, status) in [
                ("$fetch --once -r results.jsonl jobs.jsonl", 75), ("$fetch -r again.jsonl results.jsonl", 0),
                ("$fetch --resume -r results.jsonl jobs.jsonl", 0), ("\(program) verify results.jsonl again.jsonl", 0),
            ] as [(String, Int32)] {
                let ended = try await night.shell("exec \(command)")
                #expect(ended.status == status, "\(command): \(ended)")
                server.heal()
            }
            for (file, count) in [("results.jsonl", 2), ("again.jsonl", 1)] {
                let text = try String(contentsOfFile: night.scratch.path(file), encoding: .utf8)
                let lines = text.split(separator: "\n")
                #expect(lines.count == count, "\(text)")
                #expect(lines.allSatisfy { $0.hasSuffix(#","input":\#(input)}"#) }, "\(text)")
            }
        }

        @Test func directoryIsRefusedAndAFIFOIsRead() async throws {
            let night = try Night(try FaultServer { $0.good })
            let refused = try await night.start(Night.brief + [night.scratch.url.path]).end()
            #expect(refused.status == 66, "\(refused)")
            let ended = try await night.shell(
                "mkfifo fifo.out; { echo '\(line(faultID(0)))' >fifo.out; } & exec $fetch fifo.out")
            try await night.expectOrder(after: ended, lines: 1, records: ended.records(), status: 0)
        }
    }
}
